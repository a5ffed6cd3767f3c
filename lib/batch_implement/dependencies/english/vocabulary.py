"""The words dependency analysis knows, apart from verbs: a word that is in no table is taken for a name.

Tables of words hold every form; what is keyed by stem says so.
"""

from __future__ import annotations


def table(text: str) -> frozenset[str]:
    """A table of words, from text with spaces between them."""
    return frozenset(text.split())


# What follows was spoken of before, or is known.
ARTICLES = table(
    """
    its our the their these this those
    """
)

# These bind phrases together and are never part of a name.
FUNCTION_WORDS = table(
    """
    a about above across after again against all along already also although always am among an and
    another any are around as at be because been before behind being below between beyond both but by can
    could did do does done down during e.g each eight either else etc even every few first five for four
    from had has have having he her here his how i i.e if in instead into is it its just last later least
    less like many may might more most much must my neither never next nine no non nor not now of off on
    once one ones only onto or other our out over own per plus rather respects same second seven several
    shall she should since six so some still such ten than that the their them then there these they third
    this those though three through throughout to too top toward towards two under unless until up upon
    using versus very via vs was we were what when whenever where wherever whether which while who whom
    whose why will with within without would yet you your
    """
)

# After these comes what a feature does not want.
EXCLUDING = table(
    """
    except instead no non not than unless without
    """
)

# A feature that opens with one of these tests something.
CHECK_WORDS = table(
    """
    benchmark benchmarks e2e fuzz fuzzing perft spec specs test tested testing tests
    """
)

# A feature that opens with one of these describes something.
DOCUMENT_WORDS = table(
    """
    cookbook describe doc docs document documentation documenting documents explain guide howto manual
    readme tutorial
    """
)

# They say of what sort a thing is; a name means the same without them.
GENERIC_NOUNS = table(
    """
    enum enums trait mixin
    id ids
    adapter api apis app application argument backend capability case cases class classes client clients
    cluster clusters code command commands component components contract controller controllers coverage
    data decorator decorators driver element endpoint endpoints engine entities entity feature features
    field fields file files flag flags flow flows folder form format formats forms framework frontend
    function functionality functions handler handlers helper helpers hook hooks implementation
    infrastructure instance interface interfaces item items job jobs libraries library loader loaders
    logic manager mechanism method methods middleware model models module modules object objects option
    options package packages page pages pipeline pipelines process program project property protocol
    provider record repository resource result results role roles round-trip route routes screen screens
    script scripts server servers service services set skeleton sprite sprites step steps story struct
    subcommand subsystem suite support system systems table tables task tasks thing things tool toolkit
    tools type types util utilities utility utils value values view views way worker workers workflow
    wrapper
    """
)

# Of these, those that stand for the thing itself: what comes later is built on it.
FOUNDATIONS = table(
    """
    enum enums trait mixin
    adapter backend class classes client component components driver engine entities entity framework
    interface library loader manager model models module modules object objects package protocol provider
    schema service services skeleton sprite struct support system table tables type types utility wrapper
    """
)

# They describe without naming.
FILLERS = table(
    """
    acceptance active automatic available base basic best better big common core current custom daily
    different entire existing external final full general generic global good inactive initial integration
    internal large latest local main manual missing monthly multiple new nightly offline old online
    optional own private proper public real recent regression remote selected separate simple single small
    smoke standalone typed unit unread user-facing various weekly whole
    """
)

# What every technical text is full of; naming one of these does not single anything out.
AMBIENT = table(
    """
    api bug cd ci cli client content count crash css csv day days development django docker error errors
    git github go hour hours html http https id ids information ip java javascript json key linux macos
    message messages minute minutes month name names node number os page pages pdf production python react
    rest ruby rust second server size sql ssl support tcp text time tls typescript udp ui uri url user
    users ux vue week windows xml year
    """
)

# What says of the next phrase that it has to be there first, and how that is called.
KEYWORDS = {
    "requires": "requires",
    "require": "requires",
    "required": "requires",
    "requiring": "requires",
    "needs": "needs",
    "need": "needs",
    "needing": "needs",
    "depends": "depends on",
    "depend": "depends on",
    "depending": "depends on",
    "dependent": "depends on",
    "relies": "depends on",
    "rely": "depends on",
    "relying": "depends on",
    "blocked": "depends on",
    "prerequisite": "requires",
    "builds": "builds on",
    "built": "builds on",
    "building": "builds on",
    "based": "builds on",
    "top": "builds on",
    "uses": "uses",
    "using": "uses",
    "after": "after",
    "before": "before",
}
# After these, what is named is another feature even where the name is only half of it.
STRONG_KEYWORDS = frozenset({"requires", "needs", "depends on", "builds on"})

# These may stand between a keyword and what it speaks of.
KEYWORD_PARTICLES = table(
    """
    : a an both by for from in of on our that the this to upon with
    """
)

# Stems of the left, or words, that mean the same as the stem on the right.
SYNONYMS = {
    "transcrib": "transcript",
    "approval": "approv",
    "removal": "remov",
    "renewal": "renew",
    "withdrawal": "withdraw",
    "storag": "stor",
    "analysis": "analyz",
    "analys": "analyz",
    "submission": "submit",
    "submiss": "submit",
    "choice": "choos",
    "delet": "delet",
    "auth": "authentic",
    "authn": "authentic",
    "signin": "login",
    "sign-in": "login",
    "log-in": "login",
    "signup": "regist",
    "sign-up": "regist",
    "e-mail": "email",
    "e-mails": "email",
    "mail": "email",
    "mails": "email",
    "mailing": "email",
    "db": "database",
    "config": "configur",
    "configs": "configur",
    "repo": "repositor",
    "dedup": "deduplic",
    "dedupe": "deduplic",
    "img": "imag",
    "k8s": "kubernet",
    "postgres": "postgresql",
    "js": "javascript",
    "ts": "typescript",
    "optimise": "optim",
    "optimizer": "optim",
    "params": "paramet",
    "perms": "permiss",
    "msg": "messag",
    "msgs": "messag",
    "dir": "director",
    "env": "environ",
    "prefs": "prefer",
    "favorite": "favourit",
    "favorites": "favourit",
    "color": "colour",
    "colors": "colour",
    "perf": "perform",
    "i18n": "internation",
    "stats": "statistic",
    "authent": "authentic",
    "registr": "regist",
    "register": "regist",
    "subscript": "subscrib",
    "indices": "index",
    "collision": "collid",
    "quizz": "quiz",
    "collide": "collid",
    "retrying": "retr",
    "decision": "decid",
    "cancell": "cancel",
}

# Stems. What is customarily there first: who makes the key waits for all who make every word of a value.
CUSTOMARY = {
    "login": (("authentic",), ("password", "hash")),
    "regist": (("password", "hash"),),
    "logout": (("login",),),
    "checkout": (("cart",),),
    "refund": (("payment",),),
    "restor": (("backup",),),
    "leaderboard": (("scor",),),
}
