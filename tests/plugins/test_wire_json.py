"""Answers as JSON: what protobuf itself writes, with the fields that are always shown."""

import json
import math

import pytest

pytest.importorskip("clarifai_grpc", reason="the extra [wire] is not installed")

from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from clarifai_grpc.grpc.api.utils import extensions_pb2
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st
from toolkit_wire.codec import is_repeated
from toolkit_wire.message_json import encode, json_of

KINDS = {
    FieldDescriptor.CPPTYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: st.integers(0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: st.integers(0, 2**64 - 1),
    FieldDescriptor.CPPTYPE_DOUBLE: st.floats(),
    FieldDescriptor.CPPTYPE_FLOAT: st.floats(width=32),
    FieldDescriptor.CPPTYPE_BOOL: st.booleans(),
    FieldDescriptor.CPPTYPE_ENUM: st.just(1),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9).map(float) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@st.composite
def messages(draw, kind):
    """Messages of a kind with a few of their fields set, at every level."""
    message = kind()
    fill(message, draw, 0)
    return message


def fill(message, draw, depth):
    of = message.DESCRIPTOR
    if of.full_name == "google.protobuf.Struct":
        message.update(draw(st.dictionaries(st.text(max_size=3), JSON, max_size=3)))
        return
    fields = [field for field in of.fields if depth < 7 or field.message_type is None]
    if of.full_name == "google.protobuf.Timestamp":
        message.seconds, message.nanos = draw(st.integers(0, 2**32)), draw(st.integers(0, 999_999_999))
        return
    if not fields:
        return
    for field in draw(st.lists(st.sampled_from(fields), max_size=4, unique_by=lambda one: one.name)):
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            continue
        if field.message_type is not None:
            inner = getattr(message, field.name)
            inner = inner.add() if is_repeated(field) else inner
            inner.SetInParent()
            fill(inner, draw, depth + 1)
        elif is_repeated(field):
            getattr(message, field.name).extend([draw(value_of(field)), draw(value_of(field))])
        else:
            setattr(message, field.name, draw(value_of(field)))


def value_of(field):
    if field.type == FieldDescriptor.TYPE_BYTES:
        return st.binary(max_size=5)
    if field.type == FieldDescriptor.TYPE_STRING:
        return st.text(max_size=5)
    return KINDS[field.cpp_type]


def protobufs_own(message):
    """The message by protobuf's writer, and then the fields that are always shown added at every level."""
    written = json_format.MessageToDict(
        message, preserving_proto_field_name=True, use_integers_for_enums=True
    )
    return shown(message, written)


def shown(message, written):
    for field in message.DESCRIPTOR.fields:
        if field.GetOptions().Extensions[extensions_pb2.cl_show_if_empty] and field.name not in written:
            empty = {} if field.message_type is not None else field.default_value
            written[field.name] = [] if is_repeated(field) else empty
    for field, inner in message.ListFields():
        of = field.message_type
        if of is None or of.GetOptions().map_entry or of.full_name.startswith("google.protobuf."):
            continue
        if is_repeated(field):
            for one, value in zip(inner, written[field.name], strict=True):
                shown(one, value)
        else:
            shown(inner, written[field.name])
    return written


@given(messages(resources_pb2.Hit) | messages(service_pb2.SingleModelVersionResponse))
def test_it_is_what_protobuf_writes_with_the_fields_that_are_always_shown(message):
    assert json_of(message) == protobufs_own(message)
    assert json.loads(encode(message)) == json_of(message)


@given(st.floats(width=32))
def test_a_float_is_the_shortest_that_is_the_same(value):
    message = resources_pb2.Hit(score=value)
    written = json_of(message)["score"]
    assert written == protobufs_own(message)["score"]
    assert isinstance(written, str) == (not math.isfinite(value))


@given(
    st.integers(-62135596800, 253402300799), st.integers(0, 999_999_999) | st.sampled_from([0, 10**6, 10**3])
)
def test_a_time_is_as_protobuf_writes_it(seconds, nanos):
    moment = Timestamp(seconds=seconds, nanos=nanos)
    message = resources_pb2.Input(created_at=moment)
    assert json_of(message)["created_at"] == moment.ToJsonString()
