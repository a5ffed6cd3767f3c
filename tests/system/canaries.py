"""Secrets of every kind we know, all made up; put together from parts, so that no scanner reports them."""

from __future__ import annotations

_LETTERS = "aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0fG"
_HEX = "0123456789abcdef0123456789abcdef"
_UPPER = "ABCDEFGHIJKLMNOP"

_PEM_BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ" + _LETTERS

# Text as it occurs, and the part of it that must not be seen again.
CANARIES: dict[str, tuple[str, str]] = {
    "Anthropic key": ("sk-" + "ant-api03-" + _LETTERS, _LETTERS),
    "OpenAI key": ("sk-" + "proj-" + _LETTERS + "_x-y", _LETTERS),
    "OpenAI old key": ("sk-" + _LETTERS, _LETTERS),
    "Stripe key": ("sk" + "_live_" + _LETTERS, _LETTERS),
    "Stripe hook": ("whsec" + "_" + _LETTERS, _LETTERS),
    "GitHub token": ("gh" + "p_" + _LETTERS + "AAAA", _LETTERS),
    "GitHub app token": ("gh" + "s_" + _LETTERS + "AAAA", _LETTERS),
    "GitHub fine-grained": ("github" + "_pat_11" + _LETTERS + "_" + _LETTERS, _LETTERS),
    "GitLab token": ("gl" + "pat-" + _LETTERS[:20], _LETTERS[:20]),
    "Slack bot": ("xox" + "b-123456789012-123456789012-" + _LETTERS[:24], _LETTERS[:24]),
    "Slack app": ("xapp" + "-1-A1-1-" + _LETTERS, _LETTERS),
    "Slack hook": ("https://hooks.slack" + ".com/services/T000/B000/" + _LETTERS[:24], _LETTERS[:24]),
    "AWS id": ("AK" + "IA" + _UPPER, "IA" + _UPPER),
    "AWS secret": ("aws_secret_access_key = " + _LETTERS + "/+AbCdEf", _LETTERS),
    "Google key": ("AI" + "za" + _LETTERS + "abc", _LETTERS),
    "Google token": ("ya29" + ".a0" + _LETTERS, _LETTERS),
    "Google client": ("GOCS" + "PX-" + _LETTERS[:28], _LETTERS[:28]),
    "npm token": ("npm" + "_" + _LETTERS + "AAAA", _LETTERS),
    "npmrc": ("//registry.example.org/:_authToken=" + _HEX, _HEX),
    "PyPI token": ("py" + "pi-AgEIcHlwaS5vcmc" + _LETTERS, _LETTERS),
    "Hugging Face": ("hf" + "_" + _LETTERS, _LETTERS),
    "Docker": ("dckr" + "_pat_" + _LETTERS, _LETTERS),
    "SendGrid": ("SG" + "." + _LETTERS[:22] + "." + _LETTERS, _LETTERS),
    "Telegram": ("123456789:" + "AA" + _LETTERS + "x", _LETTERS),
    "JSON web token": ("ey" + "Jhbgciabcd." + "ey" + "J" + _LETTERS + "." + _LETTERS, _LETTERS),
    "PEM": (
        f"-----BEGIN RSA PRIVATE{' '}KEY-----\n{_PEM_BODY}\n-----END RSA PRIVATE{' '}KEY-----",
        _PEM_BODY,
    ),
    "PEM without end": (f"-----BEGIN PRIVATE{' '}KEY-----\n{_PEM_BODY}\n{_PEM_BODY}", _PEM_BODY),
    "PEM in JSON": (f"-----BEGIN PRIVATE{' '}KEY-----\\n{_PEM_BODY}\\n-----END", _PEM_BODY),
    "URL login": ("postgres://admin:hunter2Hunter@db.example.com/app", "hunter2Hunter"),
    "URL login with signs": ("mysql://root:p@ss:w0rd/x@localhost/db", "w0rd"),
    "URL token": ("https://" + _HEX + "@github.com/o/r.git", _HEX),
    "query token": ("https://example.com/cb?access_token=" + _HEX + "&state=1", _HEX),
    "signed URL": ("https://b.s3.amazonaws.com/k?X-Amz-Signature=" + _HEX, _HEX),
    "bearer header": ("Authorization: Bearer " + _HEX, _HEX),
    "basic header": ("curl -H 'Authorization: Basic dXNlcjpodW50ZXIy'", "dXNlcjpodW50ZXIy"),
    "digest header": ('authorization: Digest username="Mufasa", response="6629fae4"', "6629fae4"),
    "header in JSON": ('{"Authorization": "token ' + _HEX + '"}', _HEX),
    "API key header": ("x-api-key: correct-horse", "correct-horse"),
    "cookie": ("Set-Cookie: session=correcthorse; HttpOnly", "correcthorse"),
    "bearer in text": ("used bearer " + _HEX + " and failed", _HEX),
    "password": ("password=hunter2", "hunter2"),
    "password with spaces": ('password: "correct horse battery"', "horse"),
    "password with signs": ("DB_PASSWORD=pa,ss;w0rd!", "w0rd!"),
    "password in JSON": ('{"user": "me", "password": "hunter2"}', "hunter2"),
    "password in escaped JSON": ('"{\\"password\\": \\"hunter2\\"}"', "hunter2"),
    "password compared": ("assert password == 'hunter2'", "hunter2"),
    "password option": ("mysqldump --password hunter2 app", "hunter2"),
    "token option": ("deploy --auth-token=correcthorse", "correcthorse"),
    "secret in a hash": ("{:client_secret=>'correcthorse'}", "correcthorse"),
    "environment line": ("export MY_API_KEY=correcthorse", "correcthorse"),
    "passphrase": ("passphrase = correct", "correct"),
    "Azure": ("AccountName=x;AccountKey=" + _LETTERS + "==;Suffix=y", _LETTERS),
}
