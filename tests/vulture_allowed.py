"""What nothing in ``lib`` uses by its name, and why it is there. Vulture reads it, nobody runs it."""

# Documented names, for other programs (api).
_.execute_git_workflow
_.FIRST_RUN_TEXT
_.QUESTION
_.store_retry_consent
_.fetch_issue_features
_.validate_path
_.append_audit_record
_.read_audit_records

# Fields of the batch's file that others read, and we only carry (model, api).
_.auto_clear_count
_.auto_clear_events
_.context_tokens_before_clear
_.paused_at_feature_index
_.analysis_metadata
_.workflow_reminder
_.ended_at

_.mark_lane  # who makes a worktree for a feature marks it with this; what is marked is found (state)

_.DECLARED_IN  # looked up by name when a field is decoded (model)

# What Python looks for in a module and its spec (together).
_.__package__
_.__path__
_.submodule_search_locations

# Names that the standard library looks for: of http.server and socketserver (demo) …
_.daemon_threads
_.handle_error
_.protocol_version
_.do_HEAD
_.do_POST
_.log_message
# … of shlex (proof) …
_.whitespace_split
_.commenters
# … and of the C module behind json (system).
_.object_hook
_.array_hook
_.parse_int

_.fingerprint  # tells runs of a check apart: all fields of the request are compared at once (proof)

# Called by pytest, and looked for by unittest (proof, the modules that are loaded into them).
_.pytest_configure
_.pytest_collectreport
_.pytest_runtest_logstart
_.pytest_runtest_logreport
_.pytest_sessionfinish
_.pytest_unconfigure
_.resultclass
_.__unittest


_.requests  # what the client sent to the loopback model: the tests of the real client look at it (demo)
