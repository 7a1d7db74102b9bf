"""Damaged and tampered model files: they are refused, and nothing in them runs."""

import io
import json
import sys
import zipfile
from dataclasses import replace

import pytest
import skops.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import ModelFileError
from workbench.models.modelfile import TRUSTED, ModelContents, dump_model, parse_model

# Fixtures of the module are not changed by an example.
MANY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FOREIGN = (
    ("os", "system"),
    ("posix", "system"),
    ("subprocess", "Popen"),
    ("builtins", "eval"),
    ("builtins", "exec"),
    ("builtins", "getattr"),
    ("importlib", "import_module"),
    ("workbench.files", "open_whole"),
    ("workbench.models.modelfile", "parse_model"),
    ("antigravity", "geohash"),
)
LOADERS = ("ObjectNode", "ReduceNode", "ConstructorFromReduceNode", "TypeNode", "FunctionNode",
           "MethodNode", "PartialNode", "JsonNode", "OperatorFuncNode", "Nonsense")  # fmt: skip


@pytest.fixture(scope="module")
def data(trained, codebook):
    return dump_model(
        ModelContents(trained.pipeline, trained.codes, trained.thresholds, codebook.sha256)
    )


@pytest.fixture(scope="module")
def nodes(data):
    """The schema's nodes: paths to every object in it that names a type."""
    found = []

    def walk(node, path):
        if isinstance(node, dict):
            if "__class__" in node:
                found.append(path)
            for key, child in node.items():
                walk(child, (*path, key))
        elif isinstance(node, list):
            for key, child in enumerate(node):
                walk(child, (*path, key))

    walk(read_schema(data), ())
    return found


def read_schema(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return json.loads(archive.read("schema.json"))


def replace_schema(data, schema):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, json.dumps(schema) if name == "schema.json" else old.read(name))
    return out.getvalue()


def read_or_refuse(data):
    """The model, or None where it was refused in one line; any other error is a failure."""
    try:
        return parse_model(data, "model.skops")
    except ModelFileError as error:
        refusal = error
    assert refusal.message.startswith("model.skops: ")
    assert "\n" not in str(refusal)
    assert refusal.mend
    return None


def test_what_is_written_is_read(data):
    assert read_or_refuse(data) is not None


@MANY
@given(draw=st.data())
def test_bytes_changed_anywhere_are_refused_or_harmless(data, draw):
    changed = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        # Half of them in the schema, which stands last in the archive.
        low = draw.draw(st.sampled_from([0, len(data) - 60_000]))
        place = draw.draw(st.integers(max(low, 0), len(data) - 1))
        changed[place] = draw.draw(st.integers(0, 255))
    read_or_refuse(bytes(changed))


@pytest.mark.parametrize("tenth", range(10))
def test_a_cut_file_is_refused(data, tenth):
    assert read_or_refuse(data[: len(data) * tenth // 10]) is None
    assert read_or_refuse(data[: -1 - tenth]) is None


@MANY
@given(draw=st.data())
def test_a_node_of_another_type_is_refused_before_it_is_built(data, nodes, draw):
    schema = read_schema(data)
    node = schema
    for key in draw.draw(st.sampled_from(nodes)):
        node = node[key]
    node["__module__"], node["__class__"] = draw.draw(st.sampled_from(FOREIGN))
    if loader := draw.draw(st.sampled_from(("", *LOADERS))):
        node["__loader__"] = loader
    read_or_refuse(replace_schema(data, schema))
    assert "antigravity" not in sys.modules


@pytest.mark.parametrize(("module", "name"), FOREIGN)
def test_a_foreign_type_at_the_top_is_named(data, module, name):
    whole = read_schema(data)
    schema = {
        "__module__": module,
        "__class__": name,
        "__loader__": "ObjectNode",
        "__id__": 10**9,
        "content": whole,
        "protocol": whole["protocol"],
    }
    with pytest.raises(ModelFileError, match=f"not trusted: {module}.{name}"):
        parse_model(replace_schema(data, schema), "model.skops")


@MANY
@given(draw=st.data())
def test_parts_that_are_missing_or_of_another_kind_are_refused_or_harmless(data, nodes, draw):
    schema = read_schema(data)
    node = schema
    for key in draw.draw(st.sampled_from(nodes)):
        node = node[key]
    key = draw.draw(st.sampled_from(sorted(node)))
    value = draw.draw(st.sampled_from([None, 0, -1, "", "x", [], {}, True, "../../etc/passwd"]))
    if draw.draw(st.booleans()):
        node[key] = value
    else:
        del node[key]
    read_or_refuse(replace_schema(data, schema))


def test_a_pickle_is_refused(data):
    assert read_or_refuse(b"\x80\x04cos\nsystem\n(S'true'\ntR.") is None


def test_an_archive_without_a_schema_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("other.json", "{}")
    assert read_or_refuse(out.getvalue()) is None


def test_no_trusted_type_reaches_beyond_its_own_state(data):
    assert not set(skops.io.get_untrusted_types(data=data)) - set(TRUSTED)


@pytest.mark.parametrize("part", ["coef_", "intercept_", "thresholds"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_model_with_weights_that_are_no_numbers_is_refused(data, part, value) -> None:
    contents = parse_model(data, "m")
    thresholds = dict(contents.thresholds)
    if part == "thresholds":
        thresholds[next(iter(thresholds))] = value
    else:
        getattr(contents.pipeline.named_steps["codes"], part)[0] = value
    changed = dump_model(replace(contents, thresholds=thresholds))
    with pytest.raises(ModelFileError, match=r"m: damaged.*no finite number"):
        parse_model(changed, "m")
