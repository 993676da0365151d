"""Mutations of valid requests that know the API's schema: most of what comes out still fits it."""

import copy

from google.protobuf.descriptor import FieldDescriptor
from toolkit_wire.codec import is_repeated
from toolkit_wire.methods import methods
from wire_bodies import DOCUMENTED

OWN_JSON = {
    "google.protobuf.Struct": [{}, {"type": "animal"}, {"a": {"b": [1, {"id": "x"}]}}, {"list": [None, True, "x"]}],
    "google.protobuf.Timestamp": ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00Z"],
    "google.protobuf.Value": [None, 1, "x", [], {}],
}  # fmt: skip
INTEGERS = [0, 1, 2, 77777, 128, 1000, 1001, 2**31 - 1, 2**32 - 1, 2**63 - 1, -1]
VALUES = {
    FieldDescriptor.TYPE_STRING: [
        "", " ", "\x00", "\u202e\u200b", "dog", "Hund", "犬", "giraffe", "red", "blue", "new", "part", "me", "eve",
        "*", "d*", "en", "ja", "xx-", "tagger@1", "direction", "direction@1", "trained-people@1", "merge", "overwrite",
        "remove", "mine", "mine@1", "ours", "base", "x", "withinMiles", "hypernym", "../../etc/passwd", "%00",
        "'; DROP TABLE inputs;--", "x" * 5000, "a/b",
    ],
    FieldDescriptor.TYPE_BOOL: [True, False],
    FieldDescriptor.TYPE_BYTES: ["", "AAAA", "R0lGODlh", "iVBORw0KGgo="],
    FieldDescriptor.TYPE_ENUM: [0, 1, 2, 24150, 24151, 30000, 30002, 77777, -1],
    FieldDescriptor.TYPE_FLOAT: [0, 1, 0.5, -1, 1.5, 180, 91, 1e-40, 3e38, "NaN", "Infinity", "-Infinity"],
    FieldDescriptor.TYPE_DOUBLE: [0, 1, -1, 1e308, "NaN", "Infinity"],
}  # fmt: skip
MISFITS = [None, True, 0, -1, 1e400, "", "x", "\ud800", [], [[]], {}, {"\ud800": 1}, {"a": {"a": {"a": 1}}}]
PRIVATE = ["file:///etc/passwd", "http://169.254.169.254/latest", "http://[::1]:{trap}/a", "http://127.0.0.1:{trap}/a",
           "http://127.1:{trap}/a", "http://2130706433:{trap}/a", "http://0x7f.1:{trap}/a", "http://[::ffff:127.0.0.1]:{trap}/a",
           "http://127.0.0.1:{allowed}/away", "http://127.0.0.1:{allowed}@127.0.0.1:{trap}/a", "http://[", "ftp://127.0.0.1/a",
           "HTTP://127.0.0.1:{trap}/a", "data:image/png;base64,AAAA", "http://127.0.0.1:{allowed}/dog.png"]  # fmt: skip


class Mutations:
    """Makes requests from the documented ones.

    Parameters
    ----------
    random : random.Random
        Where chance comes from.
    """

    def __init__(self, random):
        self._random = random
        self._donors = {}
        for method, (_, _, bodies) in DOCUMENTED.items():
            for body in bodies:
                for message, of in _messages(body, methods()[method].request.DESCRIPTOR):
                    self._donors.setdefault(of.full_name, []).append(message)

    def of(self, method, *, misfits):
        """A body for a method; with misfits perhaps one that is none of the schema's."""
        documented = DOCUMENTED.get(method)
        body = copy.deepcopy(self._random.choice(documented[2])) if documented else {}
        for _ in range(self._random.choice([0, 1, 1, 1, 2, 2, 3, 5])):
            self._mutate(body, methods()[method].request.DESCRIPTOR, misfits=misfits)
        return body

    def _mutate(self, body, descriptor, *, misfits):
        message, of = self._random.choice(list(_messages(body, descriptor)))
        ways = [self._set, self._set, self._exchange, self._drop, self._repeat]
        self._random.choice([*ways, self._misfit] if misfits else ways)(message, of)

    def _set(self, message, of):
        if not of.fields:
            return
        given = [field for field in of.fields if field.name in message]
        field = self._random.choice(given if given and self._random.random() < 0.5 else list(of.fields))
        one = self._value(field)
        message[field.name] = [one] if _is_list(field) else {"k": one} if _is_map(field) else one

    def _value(self, field):
        if field.message_type is None:
            if field.name == "url" or (field.type == field.TYPE_STRING and self._random.random() < 0.05):
                return self._random.choice(PRIVATE)
            return self._random.choice(VALUES.get(field.type, INTEGERS))
        if _is_map(field):
            return self._value(field.message_type.fields_by_name["value"])
        if field.message_type.full_name in OWN_JSON:
            return copy.deepcopy(self._random.choice(OWN_JSON[field.message_type.full_name]))
        donors = self._donors.get(field.message_type.full_name)
        return copy.deepcopy(self._random.choice(donors)) if donors else {}

    def _exchange(self, message, of):
        """Another request's message of the same kind in the place of this one."""
        if donors := self._donors.get(of.full_name):
            other = copy.deepcopy(self._random.choice(donors))
            message.clear()
            message.update(other)

    def _drop(self, message, _):
        if message:
            del message[self._random.choice(sorted(message))]

    def _repeat(self, message, _):
        if lists := [value for value in message.values() if isinstance(value, list) and value]:
            some = self._random.choice(lists)
            some += [
                copy.deepcopy(self._random.choice(some)) for _ in range(self._random.choice([1, 2, 130]))
            ]

    def _misfit(self, message, of):
        names = [*message, *(field.json_name for field in of.fields), "nonsense", "\ud800"]
        message[self._random.choice(names)] = copy.deepcopy(self._random.choice(MISFITS))


def _is_list(field):
    return is_repeated(field) and not _is_map(field)


def _is_map(field):
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _messages(value, of):
    """Every message in a body with its descriptor, the body first."""
    yield value, of
    for field in of.fields:
        inner = value.get(field.name)
        if field.message_type is None or field.message_type.full_name in OWN_JSON or _is_map(field):
            continue
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, dict):
                yield from _messages(one, field.message_type)
