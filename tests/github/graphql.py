"""As much of GraphQL as gh and our own queries use: fields, aliases, arguments, variables, fragments.

An object is a mapping from field names to values, or to functions of the field's arguments. A field
that an object does not have is an error, as it is on GitHub.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(r'\s*(?:(\.\.\.|[{}()\[\]:$!=@|&])|("(?:[^"\\]|\\.)*")|([A-Za-z_0-9-]+)|,)')


class GraphQLError(Exception):
    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


@dataclass
class Field:
    name: str
    alias: str
    arguments: dict[str, Any] = field(default_factory=dict)
    selection: list[Any] = field(default_factory=list)


@dataclass
class Fragment:
    on: str
    selection: list[Any]
    spread: str = ""


def execute(query: str, variables: dict[str, Any], roots: dict[str, Any]) -> dict[str, Any]:
    """``{"data": …, "errors": […]}``; ``roots`` has an object for ``query`` and one for ``mutation``."""
    try:
        kind, selection, fragments = _Parser(query).document()
        run = _Run(variables, fragments)
        return {
            "data": run.select(roots[kind], selection, []),
            **({"errors": run.errors} if run.errors else {}),
        }
    except GraphQLError as error:
        return {"errors": [{"type": error.kind or "invalid", "message": str(error)}]}


class _Run:
    def __init__(self, variables: dict[str, Any], fragments: dict[str, Fragment]) -> None:
        self.variables = variables
        self.fragments = fragments
        self.errors: list[dict[str, Any]] = []

    def select(self, found: Any, selection: list[Any], path: list[str]) -> Any:
        if found is None or not selection:
            return found
        if isinstance(found, list):
            return [self.select(item, selection, path) for item in found]
        answer: dict[str, Any] = {}
        for item in selection:
            if isinstance(item, Fragment):
                fragment = self.fragments[item.spread] if item.spread else item
                if fragment.on == found["__typename"]:
                    answer.update(self.select(found, fragment.selection, path))
            else:
                answer[item.alias] = self.resolve(found, item, [*path, item.alias])
        return answer

    def resolve(self, found: dict[str, Any], item: Field, path: list[str]) -> Any:
        if item.name not in found:
            kind = found.get("__typename", "Query")
            raise GraphQLError(f"Field '{item.name}' doesn't exist on type '{kind}'", "undefinedField")
        value = found[item.name]
        if callable(value):
            try:
                value = value(**self.value(item.arguments))
            except GraphQLError as error:
                self.errors.append({"type": error.kind, "path": path, "message": str(error)})
                return None
        return self.select(value, item.selection, path)

    def value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.value(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.value(inner) for inner in value]
        if isinstance(value, str) and value.startswith("$"):
            return self.variables.get(value[1:])
        return value


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = self._tokens(text)
        self.at = 0

    @staticmethod
    def _tokens(text: str) -> list[str]:
        tokens, position, text = [], 0, text.rstrip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise GraphQLError(f"Parse error at {text[position : position + 20]!r}")
            tokens += [group for group in match.groups() if group]
            position = match.end()
        return tokens

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise GraphQLError(f"Parse error: {expected or 'a token'} expected, {token or 'the end'} found")
        self.at += 1
        return token

    def document(self) -> tuple[str, list[Any], dict[str, Fragment]]:
        kind, selection, fragments = "query", [], {}
        while self.peek():
            if self.peek() == "fragment":
                self.take()
                name = self.take()
                self.take("on")
                fragments[name] = Fragment(self.take(), self.selection())
                continue
            if self.peek() != "{":
                kind = self.take()
            while self.peek() not in {"{", ""}:
                self.take()
            selection = self.selection()
        return kind, selection, fragments

    def selection(self) -> list[Any]:
        found: list[Any] = []
        self.take("{")
        while self.peek() != "}":
            found.append(self.fragment() if self.peek() == "..." else self.field())
        self.take("}")
        return found

    def fragment(self) -> Fragment:
        self.take("...")
        if self.peek() == "on":
            self.take()
            return Fragment(self.take(), self.selection())
        return Fragment("", [], spread=self.take())

    def field(self) -> Field:
        name = alias = self.take()
        if self.peek() == ":":
            self.take()
            name = self.take()
        arguments = {}
        if self.peek() == "(":
            self.take()
            while self.peek() != ")":
                key = self.take()
                self.take(":")
                arguments[key] = self.value()
            self.take()
        return Field(name, alias, arguments, self.selection() if self.peek() == "{" else [])

    def value(self) -> Any:
        word = self.take()
        if word == "$":
            return "$" + self.take()
        if word == "{":
            found = {}
            while self.peek() != "}":
                key = self.take()
                self.take(":")
                found[key] = self.value()
            self.take()
            return found
        if word == "[":
            items = []
            while self.peek() != "]":
                items.append(self.value())
            self.take()
            return items
        if word.startswith('"'):
            return word[1:-1]
        return int(word) if word.isdigit() else {"true": True, "false": False, "null": None}.get(word, word)
