"""Which words of an error line say what: a table, in the order in which it is asked.

A line is judged by the first rule that fits. The kind of exception comes before its text, since the text
may quote anything (``KeyError: 'connection_reset'``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum


class Verdict(IntEnum):
    """What a line says; of several lines the highest counts.

    A failed assertion among lost connections is a failed assertion: retrying would not mend it.
    """

    TEST_FAILED = 1  # only that it failed, not why
    TRANSIENT = 2
    LIMIT = 3
    PERMANENT = 4
    PERSON = 5


@dataclass(frozen=True)
class Rule:
    verdict: Verdict
    reason: str
    pattern: re.Pattern[str]
    sources: frozenset[str] | None = None  # None: whatever failed

    def fits(self, line: str, source: str) -> bool:
        return (self.sources is None or source in self.sources) and self.pattern.search(line) is not None


# The words of the project's own checks and of git and GitHub say nothing about our own login and plan.
_CLAUDE = frozenset({"api", "client", "report"})
_API = frozenset({"api", "client"})


def _rule(verdict: Verdict, reason: str, pattern: str, sources: frozenset[str] | None = None) -> Rule:
    return Rule(verdict, reason, re.compile(pattern, re.IGNORECASE), sources)


RULES: tuple[Rule, ...] = (
    # --- by the kind of exception ---
    _rule(
        Verdict.TRANSIENT,
        "a request could not be sent",
        r"^TypeError: (?:fetch failed|Failed to fetch|terminated)",
    ),
    _rule(
        Verdict.PERMANENT,
        "an assertion failed",
        r"^(?:\w+\.){0,8}Assertion(?:Failed)?Error\b|^assert\b|^assertion\b|\bERR_ASSERTION\b"
        r"|^Failed: DID NOT RAISE"
        r"|^expect\(|^Expected values to be|\bdid not match snapshot",
    ),
    _rule(
        Verdict.PERMANENT,
        "the code is wrong",
        r"^(?:\(node:\d{1,9}\) )?(?:UnhandledPromiseRejectionWarning: )?"
        r"(?:Uncaught |Caused by: |\[cause\]: )?(?:\w+\.){0,8}"
        r"(?:Syntax|Indentation|Tab|Type|Attribute|Name|Value|Key|Index|Lookup|Import|ModuleNotFound"
        r"|ZeroDivision"
        r"|Recursion|NotImplemented|UnboundLocal|Unicode(?:Decode|Encode)?|Reference|Range|Overflow"
        r"|JSONDecode|Validation"
        r"|FixtureLookup|NoMethod|Argument|Load|FrozenInstance|StopIteration|NullPointer)(?:Error"
        r"|Exception)\b",
    ),
    # --- a person has to act ---
    _rule(
        Verdict.PERSON,
        "the disk is full",
        r"\bENOSPC\b|No space left on device|Disk quota exceeded|\bEDQUOT\b|database or disk is full",
    ),
    _rule(
        Verdict.PERSON,
        "the plan's spending limit or credit is used up",
        r"credit balance is too low|out of extra usage|\bmonthly (?:usage |spend(?:ing)? )?limit"
        r"|specified API usage limits"
        r"|\bbilling_error\b|payment required|spending (?:limit|cap)",
        _CLAUDE,
    ),
    _rule(
        Verdict.PERSON,
        "Claude is not logged in or not allowed",
        r"please run /login|invalid x-api-key|invalid api key|\bauthentication_error\b"
        r"|\bpermission_error\b"
        r"|OAuth (?:token|session|authentication) [\w ]{0,30}(?:expired|revoked|not (?:supported|allowed))"
        r"|organization has been disabled|not logged in|account (?:has been|is) (?:disabled|suspended)",
        _CLAUDE,
    ),
    # --- limits and outages ---
    _rule(
        Verdict.LIMIT,
        "a usage limit was reached",
        r"usage limit reached|hit your [\w' -]{0,40}limit|\d-hour limit reached"
        r"|(?:weekly|session|daily|opus|sonnet) limit reached",
    ),
    _rule(
        Verdict.LIMIT,
        "a rate limit was reached",
        r"\brate_limit_(?:error|exceeded)\b|rate limit (?:already )?(?:exceeded|reached)"
        r"|secondary rate limit"
        r"|exceed(?:s|ed)? [\w' -]{0,60}rate limit|reached your pull rate limit"
        r"|\btoo ?many ?requests\b|submitted too quickly"
        r"|\bRateLimitError\b|ThrottlingException|\bE429\b"
        r"|\bHTTP(?:/[\d.]{1,3})?[ :]{1,2}(?:error )?429\b|error(?: code)?:? \(?429\b",
    ),
    _rule(
        Verdict.LIMIT,
        "the service is overloaded or down",
        r"\boverloaded(?:_error)?\b|^API Error:? \(?5\d\d\b|\berror code: 5\d\d\b"
        r"|\"type\": ?\"api_error\""
        r"|^API Error: (?:request timed out|connection error|Unable to connect)",
        _API,
    ),
    _rule(
        Verdict.PERMANENT,
        "the server refused it",
        r"^error: RPC failed; .{0,60}\bHTTP (?:code = )?4(?!08|29)\d\d\b",
    ),
    # --- passes by itself ---
    _rule(
        Verdict.TRANSIENT,
        "a time limit was exceeded",
        r"\btimed[ -]out\b|\btime-?out (?:was reached|of \d|\(?>|exceeded|waiting|after|in data)"
        r"|\btimeout [\d.]{1,9} ?m?s exceeded"
        r"|exceeded timeout of|i/o timeout|handshake timeout"
        r"|\b(?:socket|read|connect(?:ion)?|request|gateway|lock wait) ?timeout\b"
        r"|^(?:\w+\.){0,8}(?:[A-Z]\w{0,40})?Timeout(?:Error|Exception|Expired)?\b(?::|$)"
        r"|\bE(?:SOCKET)?TIMEDOUT\b|\bERR_SOCKET_TIMEOUT\b"
        r"|execution expired|\bOpenTimeout\b|deadline exceeded|result of a timeout|test timed out",
    ),
    _rule(
        Verdict.TRANSIENT,
        "a name could not be looked up",
        r"could not resolve host|temporary failure (?:in name resolution|resolving)|\bEAI_AGAIN\b"
        r"|\bENOTFOUND\b|no such host"
        r"|name or service not known|unable to resolve host|NameResolutionError"
        r"|nodename nor servname|dns (?:error|failure)",
    ),
    _rule(
        Verdict.TRANSIENT,
        "a connection was refused or lost",
        r"connection (?:was |is |has been )?(?:refused|reset|aborted|closed by remote|timed|lost|broken)"
        r"|\bECONN(?:REFUSED|RESET|ABORTED)\b"
        r"|\bE(?:PIPE|NETUNREACH|HOSTUNREACH|NETDOWN)\b|broken pipe|network is unreachable"
        r"|no route to host|socket hang ?up"
        r"|Connection(?:Refused|Reset|Aborted)Error|^(?:\w+\.){0,8}ConnectionError\b"
        r"|RemoteDisconnected|server disconnected"
        r"|remote end (?:closed|hung up)|early EOF|unexpected disconnect|unexpected EOF"
        r"|UNEXPECTED_EOF|RPC failed|expected flush after"
        r"|(?:failed|unable|couldn't|can't|cannot|could not|trying) (?:to )?connect"
        r"|actively refused|connection attempt failed|failed after \d{1,4} retries"
        r"|client error \(Connect\)|failed to respond|could not transfer|Error: aborted$"
        r"|error connecting to"
        r"|network (?:failure|error)|NetworkError"
        r"|SSL connect error|SSL_ERROR_SYSCALL|ChunkedEncodingError|IncompleteRead"
        r"|server has gone away",
    ),
    _rule(
        Verdict.TRANSIENT,
        "a service was unavailable for a time",
        r"\b50[234] (?:server error|bad gateway|service|gateway)|bad gateway"
        r"|service (?:temporarily )?unavailable|gateway time-?out"
        r"|internal server error|returned error: 5\d\d|\bHTTP(?:/[\d.]{1,3})?[ :]{1,2}5\d\d\b"
        r"|got 5\d\d\b|\bE50[0234]\b"
        r"|TemporaryFailure|temporar(?:y|ily) (?:failure|unavailable)|try again later",
    ),
    _rule(
        Verdict.TRANSIENT,
        "a resource was in use",
        r"\bEADDRINUSE\b|address already in use|database (?:is|table is) locked|\.lock': File exists"
        r"|another git process"
        r"|Resource temporarily unavailable|\bEAGAIN\b|\bEBUSY\b|resource busy|text file busy"
        r"|too many open files|\bE[MN]FILE\b"
        r"|deadlock (?:found|detected)|could not obtain lock",
    ),
    _rule(
        Verdict.TRANSIENT,
        "it was killed or memory ran short",
        r"cannot allocate memory|\bENOMEM\b|\bKilled\b|\bSIGKILL\b|out of memory: kill|\bOOMKilled\b"
        r"|MemoryError\b|std::bad_alloc",
    ),
    # --- will fail again ---
    _rule(Verdict.PERMANENT, "a fixed memory limit was reached", r"heap out of memory|OutOfMemoryError"),
    _rule(
        Verdict.PERMANENT,
        "it does not compile",
        r"could not compile|test suite failed to run|^error\[E\d{1,5}\]|\berror TS\d{1,6}\b"
        r"|\berror CS\d{1,6}\b"
        r"|COMPILATION ERROR"
        r"|^in a source file: (?:fatal )?error\b|parse error|^undefined: "
        r"|cannot use .{1,200} as .{1,200} value|syntax error|undefined reference"
        r"|imported (?:and|but) (?:not used|unused)|declared and not used|^\s{0,20}error\s{2,}\S"
        r"|found \d{1,6} errors?\b",
    ),
    _rule(
        Verdict.PERMANENT,
        "something it needs is missing",
        r"cannot find (?:module|name|package)|failed to resolve import|could not resolve \""
        r"|no such file or directory|command not found"
        r"|: not found$|\bnot found\b|\bENOENT\b"
        r"|missing script|no rule to make target|fixture '[^']{0,100}' not found"
        r"|no matching (?:package|distribution|version)"
        r"|no required module|\bis not defined\b|unknown revision|does not exist|could not find"
        r"|no module named|\bE404\b|\bETARGET\b"
        r"|unsupported engine|\bEBADENGINE\b",
    ),
    _rule(
        Verdict.PERMANENT,
        "it is not allowed",
        r"permission denied|\bEACCES\b|\bEPERM\b|authentication failed|bad credentials"
        r"|could not read (?:username|password)|gh auth login"
        r"|\bHTTP 40[13]\b|returned error: 40[13]|\bE40[13]\b|access denied|\bforbidden\b"
        r"|unauthorized|not accessible by"
        r"|host key verification failed|ssh key audit|\bcertificate\b"
        r"|permission to .{1,200} denied|correct permissions?\b|protected branch"
        r"|read-only file system"
        r"|operation not permitted",
    ),
    _rule(
        Verdict.PERMANENT,
        "git or GitHub refused it",
        r"\[rejected\]|\[remote rejected\]|merge conflict|^CONFLICT |did not match any"
        r"|does not match any|not a git repository"
        r"|tell me who you are|identity unknown|failed to sign|would be overwritten"
        r"|hook (?:declined|exited)|GH\d{3}: |already exists"
        r"|no commits between|could not resolve to an?\b|validation failed"
        r"|\bHTTP 4(?:00|04|09|1\d|22)\b|repository not found"
        r"|not something we can merge|nothing to commit",
    ),
    _rule(
        Verdict.PERMANENT,
        "the request is not a valid one",
        r"\binvalid_request_error\b|cannot be launched inside|\bnot_found_error\b|request_too_large"
        r"|prompt is too long"
        r"|\bAPI Error:? \(?4\d\d\b",
    ),
    _rule(
        Verdict.PERMANENT,
        "it crashed",
        r"segmentation fault|\bSIGSEGV\b|core dumped|^panic: |nil pointer dereference"
        r"|called `\w{1,40}::unwrap\(\)`|bus error|stack overflow",
    ),
    _rule(
        Verdict.PERMANENT,
        "the project's configuration is wrong",
        r"\bERESOLVE\b|\bEJSONPARSE\b|\bEUSAGE\b|failed to parse|failed to select a version"
        r"|duplicate key|improperlyconfigured"
        r"|unrecognized (?:arguments|option)|invalid (?:option|argument|configuration)|is a directory",
    ),
    _rule(
        Verdict.PERMANENT,
        "a value is not the expected one",
        r"\bgot\b.{1,200}\bwant\b|\bwant\b.{1,200}\bgot\b"
        r"|\bexpected\b.{1,200}\b(?:got|but|received|actual|to (?:be|equal|have|match|throw))\b",
    ),
    # --- it failed, and that is all it says ---
    _rule(
        Verdict.TEST_FAILED,
        "a test failed",
        r"^a go test failed$|^panicked at |testCodeFailure|\bELIFECYCLE\b|\b\d{1,6} fail(?:ed|ing)\b",
    ),
)
