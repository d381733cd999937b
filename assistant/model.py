"""A language model, if the operator has one: the only door to LangChain's chat models.

One setting names it, `provider:model` as LangChain's `init_chat_model` reads it; a base URL points the OpenAI
protocol at a server of one's own (llama.cpp, Ollama, vLLM).
"""

from collections.abc import Iterator
from typing import Any, Protocol

from assistant.errors import ModelMisset, ModelUnavailable


class ChatModel(Protocol):
    """What the answer path needs of a model."""

    name: str

    def stream(self, system: str, question: str) -> Iterator[str]:
        """The model's words as they come.

        Raises:
            ModelUnavailable: it did not serve.
        """
        ...


class LangChainModel:
    """A chat model of any provider that LangChain has a package for."""

    def __init__(self, name: str, *, base_url: str = "", api_key: str = "", timeout_s: float = 60.0) -> None:
        """Prepares the model; nothing is sent yet.

        Args:
            name: "provider:model", such as "openai:qwen3" or "ollama:llama3.2".
            base_url: where the provider's protocol is spoken, if not at its own address.
            api_key: the secret to send; some servers of one's own want none.
            timeout_s: longest wait for a reply, in seconds.

        Raises:
            ModelMisset: the name is not of that form, or the provider's package is missing.
        """
        from langchain.chat_models import init_chat_model

        provider, _, model = name.partition(":")
        if not provider or not model:
            raise ModelMisset(f"THAMKHLANG_MODEL={name!r} ต้องอยู่ในรูป provider:model เช่น openai:qwen3")
        options: dict[str, Any] = {"temperature": 0, "timeout": timeout_s, "max_retries": 1}
        if base_url:
            options |= {"base_url": base_url, "api_key": api_key or "none"}
        elif api_key:
            options["api_key"] = api_key
        try:
            self._model = init_chat_model(model, model_provider=provider, **options)
        except (ImportError, ValueError) as error:
            raise ModelMisset(f"ใช้โมเดล {name!r} ไม่ได้ ({error}) ตรวจชื่อผู้ให้บริการและติดตั้งแพ็กเกจ langchain-{provider}") from error
        except Exception as error:
            raise ModelMisset(f"ตั้งค่าโมเดล {name!r} ไม่ครบ ({error}) ตรวจ THAMKHLANG_MODEL_KEY") from error
        self.name = name

    def stream(self, system: str, question: str) -> Iterator[str]:
        """The model's words as they come.

        Raises:
            ModelUnavailable: the provider failed, whatever its error.
        """
        from langchain_core.messages import HumanMessage, SystemMessage

        try:
            for chunk in self._model.stream([SystemMessage(system), HumanMessage(question)]):
                if text := str(chunk.text):
                    yield text
        except Exception as error:
            raise ModelUnavailable(f"โมเดล {self.name} ไม่ตอบ ({type(error).__name__}: {error})") from error
