from llm.standin.fixtures import *  # noqa: F403
