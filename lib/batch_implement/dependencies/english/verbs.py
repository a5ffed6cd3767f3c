"""The verbs dependency analysis knows, by what they say about their object."""

from __future__ import annotations

from batch_implement.dependencies.english.vocabulary import table

# At the beginning of a text: what follows comes into being by this feature.
MAKING_VERBS = table(
    """
    add author bootstrap build compose construct create define design develop draft establish extract
    generate implement init initialise initialize install introduce make new prototype provide scaffold
    set setup ship train wire write
    """
)

# Of these, those that say nothing of what is made; "train" and "extract" do.
PLAIN_MAKING = table(
    """
    add author build create define design develop establish implement init initialise initialize introduce
    make new provide set setup ship write
    """
)

# What follows is worked on, and may be what another feature makes.
WORKING_VERBS = table(
    """
    correct scale multiply divide double halve extend shrink
    confirm expire embed schedule-in acknowledge decline dismiss snooze rearrange categorize reconcile
    accept adapt adjust aggregate alert allow animate annotate announce anonymise anonymize apply approve
    archive ask assert assign attach augment authenticate authorise authorize autofill backfill ban
    benchmark bill boost bound branch bring broadcast bump buy cache calculate call cancel cap caption
    censor change charge check choose classify clean cleanup clear clone close cluster collect combine
    compare compress compute configure connect consume convert copy craft crawl crop cross-validate cut
    deal decrypt deduplicate delete deliver demote deploy deprecate describe detect disable discover
    dispatch display document donate download drag draw drive drop dump duplicate earn edit email embed
    emit enable encrypt ensure equip escalate evaluate expire explain export expose extend fetch fill
    filter find fine-tune finetune fix flag follow forbid forecast fork format freeze fuzz gather geocode
    get greet group guard guide handle harden hash hide highlight honor honour hook host import improve
    increase index infer ingest inject integrate invite invoke issue join keep label let limit link lint
    list load localize lock log log-in log-out look lower make mark mask match measure merge migrate
    mirror monitor mount move mute need needs normalise normalize notify nudge open pack pad paginate
    parse partition paste patch pause pay persist pick pin place play polish pre-fill predict prefill
    preserve pretrain prevent print produce profile promote prompt provision publish pull purge push put
    quantise quantize queue raise rank rate rate-limit react read rebuild recompile record recover redact
    redo reduce refactor refund refuse register reindex reject relaunch release remove rename render rent
    reopen reorder replace replicate report require resample rescue resend reserve reset resize resolve
    respect respond restore restrict retry return reuse revert revoke rewrite roll rotate round run sample
    save scan schedule score scrape search secure seed segment sell send serve shard share ship shorten
    show shuffle sign silence simplify simulate solve sort spawn speed spend split sponsor squash start
    stash stop store stream subscribe support switch sync tag teleport test thaw throttle tidy tokenise
    tokenize trace track transcode transcribe transfer translate trigger tune turn tweak unarchive
    unassign undo unfollow uninstall unlink unlock unpack unsubscribe unwrap update upgrade upload use
    vacuum validate vectorise vectorize verify vote wake warn widen wrap
    """
)

# Of these, those whose object was there before: no later feature waits for it because of them.
PASSING_VERBS = table(
    """
    expire correct reject scale extend reset
    allow bump change clean close delete deprecate disable display drop enable expose fix harden hide
    improve keep let lower make move need open raise reduce remove rename replace require respect show
    silence sort speed support translate tune update upgrade use warn
    """
)

# As often a noun as a verb: "Cache decorator" names a thing, "Cache the pages" works on one.
NOUN_OR_VERB = table(
    """
    alert backfill benchmark bill boost bound branch cache call cancel cap charge check cluster copy
    design display document download draft drag email export fill filter flag follow forecast fork format
    group guide hash highlight hook host import index invite issue join label limit link list load lock
    log look mark match merge monitor mount patch pause pin place play profile prompt pull push queue rank
    rate record redo refund register release rent report restore retry round sample scan schedule score
    search seed set share ship sign sort spawn split start stop stream support switch sync tag test trace
    track trigger undo update upgrade upload vote
    """
)

# So common as nouns that the noun does not point at the feature that has the verb.
COMMON_NOUNS = table(
    """
    call change check group guide index link list load log place report run search set test update
    """
)

# In the middle of a text these end a phrase and are never part of a name.
INNER_VERBS = table(
    """
    submit submits submitting
    add added adding adds allow allowing allows automatically backed become becomes belong belongs blocked
    bought builds built called calling calls closes closing collects come comes coming contain containing
    contains controls covering covers create created creates creating deletes deleting depend depending
    depends displaying displays done earned earns exist exists failing fails fall falling falls fed feeds
    finding finds following follows get gets getting give given gives go goes going handled handles
    handling holds implement implementing implements installed installs issues keep keeping keeps kept
    leave leaves leaving let lets listed listens listing lists lives lose loses made make makes making
    merged moves moving need needed needs opening opens ordered override overrides overriding picking
    picks produces prove proves puts quickly ran reach reaches reading reads receive receives receiving
    relies rely removed removes removing renders require required requires returning returns running runs
    say says sending sends sent serves shoots showing shown shows stores storing take takes taking touched
    use used uses validates validating waiting waits walking walks want wants warns wins working works
    writes writing written yields
    """
)

# In the middle of a text: what follows comes into being.
PRODUCING = table(
    """
    build create generate produce make emit
    creates creating defines emits emitting generates generating into issues issuing produces producing
    returning stores yielding yields
    """
)

# "Only admins may …" asks something of what is there.
MODALS = table(
    """
    can could may might must shall should will would
    """
)

# Verbs that are rarely nouns, and so end a phrase in any place.
_NOUNS_TOO = table(
    """
    reset backfill dispatch guard track map sort scroll purge roll boost hide sign vote
    store place move run use open record drop fix clone close keep wake call serve round read put get turn
    transfer aggregate apply dump embed provision stash merge compare archive escalate book mirror crop rotate
    process convert exports imports sell buy earn pay cut pad mask pin make bring need require support
    save trace print post
    """
)
SENTENCE_VERBS = (WORKING_VERBS | INNER_VERBS) - NOUN_OR_VERB
_PLAIN_VERBS = WORKING_VERBS - NOUN_OR_VERB - _NOUNS_TOO
ENDING_VERBS = INNER_VERBS | _PLAIN_VERBS | {f"{verb}s" for verb in _PLAIN_VERBS}
