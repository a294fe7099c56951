"""`explain`: the fields of a type, from the API server's own OpenAPI documents, as kubectl prints them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.discovery import Resource

PREFIX = "#/components/schemas/"
SHOWN_VALUES = 4
METHODS = ("get", "post", "put", "patch", "delete")

Schema = Mapping[str, Any]


class NoSuchField(Exception):
    """``printed`` is what kubectl has printed by then."""

    def __init__(self, name: str, printed: str) -> None:
        super().__init__(f'error: field "{name}" does not exist')
        self.printed = printed


@dataclass(frozen=True, slots=True)
class Manual:
    """The document of one group and version."""

    document: Mapping[str, Any]

    def explain(self, resource: Resource, path: Sequence[str], *, recursive: bool) -> str:
        """Raises NoSuchField, LookupError where the document lacks the type."""
        kind = self._kind(resource)
        group = f"GROUP:      {kind['group']}\n" if kind.get("group") else ""
        head = f"{group}KIND:       {kind['kind']}\nVERSION:    {kind['version']}\n\n"
        text = self._output(self._schema(kind), list(path), recursive, frozenset())
        if not text:
            raise NoSuchField(path[-1], head)
        return f"{head}{text}\n"

    def _kind(self, resource: Resource) -> Mapping[str, str]:
        root, version, plural = resource.kind.group, resource.version, resource.kind.resource
        base = f"/apis/{root}/{version}" if root else f"/api/{version}"
        for where in (f"{base}/{plural}", f"{base}/namespaces/{{namespace}}/{plural}"):
            for path in (where, f"{where}/{{name}}"):
                operations = self.document["paths"].get(path) or {}
                for method in METHODS:
                    if kind := (operations.get(method) or {}).get("x-kubernetes-group-version-kind"):
                        found: Mapping[str, str] = kind
                        return found
        raise LookupError(plural)

    def _schema(self, kind: Mapping[str, str]) -> Schema:
        for _, schema in sorted(self.document["components"]["schemas"].items()):
            if kind in (schema.get("x-kubernetes-group-version-kind") or ()):
                found: Schema = schema
                return found
        raise LookupError(kind["kind"])

    def _resolved(self, schema: Schema) -> Schema:
        ref = str(schema.get("$ref") or "")
        found: Schema | None = self.document["components"]["schemas"].get(ref.removeprefix(PREFIX))
        return found if ref.startswith(PREFIX) and found else schema

    def _output(self, schema: Schema, path: list[str], recursive: bool, seen: frozenset[str]) -> str:
        """ "" where the path leads nowhere."""
        ref, resolved = str(schema.get("$ref") or ""), self._resolved(schema)
        if not path:
            return self._description_and_fields(resolved, recursive)
        if ref and ref in seen:
            return ""
        seen |= {ref}
        properties = resolved.get("properties") or {}
        if path[0] in properties:
            field = properties[path[0]]
            rest = self._output(field, path[1:], recursive, frozenset())
            if len(path) > 1 or not rest:
                return rest
            return f"FIELD: {path[0]} <{self._type(field)}>\n{long_enum(field)}\n\n{rest}"
        if resolved.get("items"):
            return self._output(resolved["items"], path, recursive, seen)
        if isinstance(resolved.get("additionalProperties"), Mapping):
            return self._output(resolved["additionalProperties"], path, recursive, seen)
        outputs = (self._output(one, path, recursive, seen) for one in resolved.get("allOf") or ())
        return next(filter(None, outputs), "")

    def _description_and_fields(self, schema: Schema, recursive: bool) -> str:
        description = "".join(self._descriptions(schema)) or "<empty>"
        text = f"DESCRIPTION:\n{indent(wrap(description, 76), 4)}\n"
        text += external_docs(schema, 0)
        fields = "".join(self._fields(schema, 1, recursive, frozenset()))
        return text + (f"FIELDS:\n{fields}" if fields else "")

    def _descriptions(self, schema: Schema) -> Iterator[str]:
        resolved = self._resolved(schema)
        if resolved.get("description"):
            yield f"{resolved['description']}\n"
        for one in resolved.get("allOf") or ():
            yield from self._descriptions(one)
        for key in ("items", "additionalProperties"):
            if isinstance(resolved.get(key), Mapping) and resolved[key]:
                yield from self._descriptions(resolved[key])

    def _fields(self, schema: Schema, level: int, recursive: bool, seen: frozenset[str]) -> Iterator[str]:
        ref = str(schema.get("$ref") or "")
        if ref and ref in seen:
            return
        seen, resolved = seen | {ref}, self._resolved(schema)
        for name, field in sorted((resolved.get("properties") or {}).items()):
            yield self._field(name, field, name in (resolved.get("required") or ()), level, recursive)
            if recursive:
                yield from self._fields(field, level + 1, recursive, seen)
        for one in resolved.get("allOf") or ():
            yield from self._fields(one, level, recursive, seen)
        for key in ("items", "additionalProperties"):
            if isinstance(resolved.get(key), Mapping) and resolved[key]:
                yield from self._fields(resolved[key], level, recursive, seen)

    def _field(self, name: str, field: Schema, required: bool, level: int, short: bool) -> str:
        margin = 2 * level
        line = f"{' ' * margin}{name}\t<{self._type(field)}>{' -required-' if required else ''}{enum(field, margin)}\n"
        if short:
            return line
        description = wrap(field.get("description") or "<no description>", 78 - margin)
        return f"{line}{indent(description, margin + 2)}\n{external_docs(field, margin + 2)}\n"

    def _type(self, schema: Schema) -> str:
        """`string`, `PodSpec`, `[]Container`, `map[string]string`."""
        if schema.get("items"):
            return f"[]{self._type(schema['items'])}"
        if isinstance(schema.get("additionalProperties"), Mapping) and schema["additionalProperties"]:
            return f"map[string]{self._type(schema['additionalProperties'])}"
        every: Sequence[Schema] = schema.get("allOf") or []
        if len(every) == 1 and not schema.get("properties"):
            return self._type(every[0])
        if ref := str(schema.get("$ref") or ""):
            kind = self._resolved(schema).get("type")
            return ref.rpartition("/")[2].rpartition(".")[2] or "Object" if kind in (None, "object") else str(kind)
        kind = schema.get("type")
        return "Object" if kind in (None, "", "object") else str(kind)


def enum(schema: Schema, margin: int) -> str:
    values = schema.get("enum")
    if not values:
        return ""
    shown = ", ".join(map(enum_value, values[:SHOWN_VALUES])) + (", ...." if len(values) > SHOWN_VALUES else "")
    return f"\n{' ' * margin}enum: {shown}"


def long_enum(schema: Schema) -> str:
    values = schema.get("enum")
    return "ENUM:" + "".join(f"\n    {enum_value(value)}" for value in values) if values else ""


def enum_value(value: object) -> str:
    return '""' if value == "" else value if isinstance(value, str) else json.dumps(value)


def external_docs(schema: Schema, margin: int) -> str:
    docs = schema.get("externalDocs")
    if not docs:
        return ""
    text = f"\n{' ' * margin}EXTERNAL DOCS:\n"
    if docs.get("description"):
        text += indent(wrap(docs["description"], 76 - margin), margin + 4) + "\n"
    return text + (f"{' ' * (margin + 4)}URL: {docs['url']}\n" if docs.get("url") else "")


def indent(text: str, amount: int) -> str:
    pad = " " * amount
    return pad + text.replace("\n", f"\n{pad}")


def wrap(text: str, limit: int) -> str:
    """As go-wordwrap: a word goes to the next line as soon as it does not fit; spaces at a break go."""
    done, spaces, word, column = "", "", "", 0
    for char in text:
        if char == "\n":
            if word or column + len(spaces) <= limit:
                done += spaces + word
            done, spaces, word, column = f"{done}\n", "", "", 0
        elif char.isspace() and char != "\u00a0":
            if not spaces or word:
                column += len(spaces) + len(word)
                done, spaces, word = done + spaces + word, "", ""
            spaces += char
        else:
            word += char
            if column + len(word) + len(spaces) > limit and len(word) < limit:
                done, spaces, column = f"{done}\n", "", 0
    return done + (spaces + word if word or column + len(spaces) <= limit else "")
