"""Settings: what is read, what is refused, and the sample that is made of them."""

import dataclasses
import re

import pytest

from llm import LlmOptions, env_sample, errors, from_env
from llm.options import env_name, env_names


def test_nothing_set_is_bedrock_with_claude():
    options = from_env({})
    assert options == LlmOptions()
    assert options.provider == "bedrock"
    assert options.models("plan") == options.models("phrase") == options.bedrock_models
    assert options.models("embed") == ()


def test_the_names_that_are_fixed():
    assert {
        "AWS_BEDROCK_REGION",
        "AWS_BEDROCK_MODEL_ID",
        "AWS_BEDROCK_EMBEDDING_MODEL_ID",
        "AWS_BEDROCK_KNOWLEDGE_BASE_ID",
        "AWS_BEDROCK_GUARDRAIL_ID",
        "AWS_BEDROCK_GUARDRAIL_VERSION",
        "LLM_PROVIDER",
        "LLM_PLAN_MODEL",
        "LLM_PHRASE_MODEL",
        "LLM_VISION_MODEL",
    } <= env_names()


def test_everything_set():
    options = from_env(
        {
            "LLM_PROVIDER": "bedrock",
            "AWS_BEDROCK_REGION": "ap-northeast-2",
            "AWS_BEDROCK_MODEL_ID": " a.b , c.d,a.b ",
            "LLM_PHRASE_MODEL": "e.f",
            "AWS_BEDROCK_GUARDRAIL_ID": "gr1",
            "AWS_BEDROCK_GUARDRAIL_VERSION": "4",
            "LLM_EMBEDDING_DIMENSIONS": "256",
            "LLM_PLAN_TIMEOUT": "12.5",
            "LLM_TEMPERATURE": "",
            "LLM_EXTRA_FIELDS": '{"top_k": 3}',
            "LLM_PRICES": '{"a.b": {"input": 0.5, "output": "1"}}',
            "AWS_PROFILE": "not ours",
        }
    )
    assert options.models("plan") == ("a.b", "c.d")
    assert options.models("phrase") == ("e.f",)
    assert (options.guardrail_version, options.embedding_dimensions, options.plan_timeout) == ("4", 256, 12.5)
    assert options.temperature is None
    assert options.extra_fields == {"top_k": 3}
    assert options.prices["a.b"].output == 1
    assert hash(options)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LLM_PRICES", "{"),
        ("LLM_PRICES", '{"a.b": {"output": 1}}'),
        ("LLM_PROVIDER", "azure"),
        ("AWS_BEDROCK_REGION", "Seoul"),
        ("LLM_MAX_TRIES", "0"),
        ("LLM_MAX_TRIES", "2.5"),
        ("LLM_DEADLINE", "soon"),
        ("LLM_DEADLINE", "nan"),
        ("LLM_TEMPERATURE", "3"),
        ("LLM_PROMPT_CACHE", "2h"),
        ("LLM_BASE_URL", "localhost:11434"),
        ("LLM_EXTRA_FIELDS", "[1]"),
        ("LLM_EXTRA_FIELDS", "{"),
        ("AWS_BEDROCK_GUARDRAIL_VERSION", "latest"),
        ("AWS_BEDROCK_KNOWLEDGE_BASE_ID", "kb/1"),
        ("LLM_EMBEDDING_DIMENSIONS", "many"),
        ("LLM_PLAN_MODLE", "x"),
        ("AWS_BEDROCK_MODEL", "x"),
    ],
)
def test_a_bad_value_is_loud_and_names_its_variable(name, value):
    with pytest.raises(errors.ConfigurationError, match=name):
        from_env({name: value})


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(errors.ConfigurationError) as caught:
        from_env({"LLM_PROVIDER": "x", "LLM_DEADLINE": "y"})
    assert {"LLM_PROVIDER", "LLM_DEADLINE"} <= set(re.findall(r"LLM_\w+", caught.value.detail))


def test_a_guardrail_of_bedrock_does_not_watch_other_providers():
    with pytest.raises(errors.ConfigurationError, match="GUARDRAIL"):
        from_env({"LLM_PROVIDER": "openai", "AWS_BEDROCK_GUARDRAIL_ID": "gr1"})


def test_other_providers_do_not_fall_back_to_bedrocks_models():
    options = from_env({"LLM_PROVIDER": "openai"})
    assert options.models("plan") == options.models("embed") == ()
    with pytest.raises(errors.ConfigurationError, match="LLM_EMBEDDING_MODEL"):
        options.embedding_model()


def test_a_bad_value_is_not_repeated():
    with pytest.raises(errors.ConfigurationError) as caught:
        from_env({"AWS_BEDROCK_REGION": "AKIASECRET"})
    assert "AKIASECRET" not in str(caught.value)


def test_options_can_be_a_key():
    assert hash(from_env({"LLM_EXTRA_FIELDS": '{"a": 1}'})) == hash(from_env({}))


def test_a_key_is_never_shown():
    assert "hush" not in repr(from_env({"LLM_API_KEY": "hush"}))


def test_the_sample_is_the_defaults_explained():
    sample = env_sample()
    assert all(
        len(line) <= 110 for line in sample.splitlines() if not line.startswith("# AWS_BEDROCK_MODEL_ID")
    )
    set_ = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", sample, re.M))
    assert set(set_) == env_names()
    assert from_env(set_) == LlmOptions()
    assert all(field.metadata["about"] for field in dataclasses.fields(LlmOptions))
    assert len({env_name(field) for field in dataclasses.fields(LlmOptions)}) == len(
        dataclasses.fields(LlmOptions)
    )
