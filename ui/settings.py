"""What an operator can set, read once from the environment: the only reader of it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "THAMKHLANG_"


class SettingsError(Exception):
    """A setting that cannot be used; the message names it, its value and what was expected."""


def _default_home() -> Path:
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "thamkhlang"


class Settings(BaseSettings):
    """All settings. Each is set by an environment variable: THAMKHLANG_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    home: Path = Field(default_factory=_default_home, description="โฟลเดอร์ของคลัง")
    database: SecretStr = Field(
        SecretStr(""),
        description="ที่อยู่ของ PostgreSQL ที่เก็บฐานข้อมูลแทน archive.db เช่น postgresql://ผู้ใช้:รหัสผ่าน@เครื่อง:5432/ชื่อ (ว่าง = archive.db)",
    )
    engine: str = Field(
        "",
        pattern="^(milvus:[^?#@]+|chroma:https?://[^?#@]+)?$",
        description="ดัชนีอยู่ที่ใด: ว่าง = ในโฟลเดอร์ของคลัง milvus:http://เครื่อง:19530 = Milvus ที่หลายโปรแกรมใช้ร่วมกัน "
        "chroma:http://เครื่อง:8000 = เวกเตอร์อยู่ในเซิร์ฟเวอร์ Chroma",
    )
    model: str = Field("", description="โมเดลภาษา ในรูป provider:model เช่น openai:qwen3 (ว่าง = ตอบด้วยถ้อยคำในเอกสารล้วน)")
    model_url: str = Field("", description="ที่อยู่เซิร์ฟเวอร์ของโมเดล เช่น http://127.0.0.1:11434/v1")
    model_key: SecretStr = Field(SecretStr(""), description="กุญแจของผู้ให้บริการโมเดล")
    model_timeout_s: float = Field(30.0, gt=0, le=600, description="เวลาทั้งหมดที่ให้โมเดลต่อหนึ่งคำตอบ รวมลองใหม่และแก้ไข เป็นวินาที")
    embedding_model: str = Field(
        "bundled", description="โมเดลเวกเตอร์: bundled คือตัวที่มากับโปรแกรม หรือชื่อโมเดล sentence-transformers"
    )
    host: str = Field("127.0.0.1", description="ที่อยู่ที่เปิดรับ")
    port: int = Field(8000, ge=0, le=65535, description="พอร์ตที่เปิดรับ (0 = พอร์ตว่างใดก็ได้)")
    public_url: str = Field(
        "",
        pattern="^(https?://[^ ?#]+)?$",
        description="ที่อยู่ที่คนอื่นเปิดหน้านี้ได้ เช่น https://thamkhlang.example.org ใส่ไว้หน้าลิงก์ในผลของ API (ว่าง = ลิงก์ในเซิร์ฟเวอร์เดียวกัน)",
    )
    show_personal: bool = Field(False, description="เก็บและแสดงข้อมูลส่วนบุคคลที่พบในเอกสาร (false = ปิดบังตั้งแต่เพิ่มเอกสาร)")
    accounts: Literal["off", "on"] = Field(
        "off", description="ให้เข้าสู่ระบบด้วยบัญชีก่อนใช้ (off = เครื่องนี้ใช้ได้ทุกอย่าง เครื่องอื่นอ่านและถามได้เท่านั้น)"
    )
    anonymous: Literal["none", "reader"] = Field(
        "none", description="เมื่อเปิดใช้บัญชี ผู้ที่ไม่ได้เข้าสู่ระบบทำอะไรได้: none = ไม่ได้เลย reader = ถามและอ่านเอกสารที่ไม่จำกัดกลุ่ม"
    )
    session_hours: float = Field(12.0, gt=0, le=720, description="เข้าสู่ระบบครั้งหนึ่งใช้ได้กี่ชั่วโมง")
    urls: Literal["off", "on"] = Field("off", description="รับเอกสารจากที่อยู่เว็บ (https://…) หรือไม่ เฉพาะเว็บสาธารณะ")
    url_hosts: str = Field(
        "", description="รับเฉพาะจากเว็บเหล่านี้และที่อยู่ใต้ชื่อเดียวกัน คั่นด้วยจุลภาค เช่น codi.or.th,example.org (ว่าง = เว็บสาธารณะใดก็ได้)"
    )
    line_secret: SecretStr = Field(SecretStr(""), description="Channel secret ของ LINE Official Account (ว่าง = ไม่รับจาก LINE)")
    line_token: SecretStr = Field(SecretStr(""), description="Channel access token ของ LINE Official Account เดียวกัน")
    line_channels: SecretStr = Field(
        SecretStr(""),
        description='LINE หลายบัญชี เป็น JSON: [{"destination": "U… (User ID ของบัญชี)", "secret": "…", "token": "…"}]',
    )
    line_push: Literal["off", "on"] = Field(
        "off", description="ส่งคำตอบที่ตอบกลับไม่ทันเป็นข้อความ push หรือไม่ (LINE นับเป็นข้อความที่เสียค่าใช้จ่าย off = ให้กดดูคำตอบ ซึ่งไม่เสีย)"
    )
    line_budget_s: float = Field(
        45.0, gt=0, le=55, description="เวลาที่ให้คำตอบแรกทาง LINE เป็นวินาที ช้ากว่านี้ส่งปุ่มดูคำตอบแทน (LINE ให้ตอบกลับภายในหนึ่งนาที)"
    )
    line_keep_days: int = Field(90, ge=1, le=3650, description="เก็บคำถามและคำตอบทาง LINE ไว้กี่วัน")
    line_api: str = Field("https://api.line.me", pattern="^https?://[^ ?#]+$", description="ที่อยู่ของ LINE Messaging API")
    max_upload_mb: int = Field(50, ge=1, le=1000, description="ไฟล์ที่ส่งขึ้นคลังใหญ่ได้ไม่เกินกี่เมกะไบต์")
    rate_per_minute: int = Field(600, ge=0, le=10**6, description="กุญแจหรือบัญชีหนึ่งส่งคำขอได้กี่ครั้งต่อนาที (0 = ไม่จำกัด)")
    address_rate_per_minute: int = Field(
        600, ge=0, le=10**6, description="ผู้ที่ไม่มีกุญแจหรือบัญชี ส่งคำขอได้กี่ครั้งต่อนาทีต่อที่อยู่ (0 = ไม่จำกัด) ผู้ที่นั่งหน้าเครื่องไม่จำกัด"
    )
    answers_at_once: int = Field(4, ge=1, le=64, description="ตอบและค้นพร้อมกันทาง API ได้กี่คำขอ ที่เหลือรอ")
    answers_waiting: int = Field(64, ge=0, le=10_000, description="รอได้กี่คำขอ เกินนี้ได้ 503 busy ทันที")
    trusted_proxies: str = Field(
        "",
        description="ที่อยู่ของพร็อกซีหน้าโปรแกรม คั่นด้วยจุลภาค เช่น 127.0.0.1,10.0.0.0/8 เชื่อ X-Forwarded-For จากที่อยู่เหล่านี้เท่านั้น",
    )
    backup_folder: str = Field("", description="โฟลเดอร์ที่ serve สำรองคลังลงเองตามเวลา ควรอยู่ดิสก์อื่น ต้องมีอยู่แล้ว (ว่าง = ไม่สำรองเอง)")
    backup_hours: float = Field(24.0, ge=0, le=8760, description="สำรองเองทุกกี่ชั่วโมง (0 = ไม่สำรองเอง)")
    backup_daily: int = Field(7, ge=1, le=1000, description="เก็บไฟล์สำรองล่าสุดของวันไว้กี่วัน")
    backup_weekly: int = Field(4, ge=0, le=1000, description="และไฟล์สำรองล่าสุดของสัปดาห์ไว้กี่สัปดาห์")
    backup_passphrase_file: str = Field(
        "", description="ไฟล์ที่บรรทัดแรกเป็นรหัสผ่านของไฟล์สำรอง ใช้ทั้งเมื่อสำรองและกู้คืน (ว่าง = ไฟล์สำรองไม่เข้ารหัส)"
    )
    min_free_mb: int = Field(
        200, ge=0, le=10**9, description="ดิสก์ของคลังเหลือที่ว่างน้อยกว่านี้ ไม่รับเอกสารเพิ่ม และ /readyz บอกว่าไม่พร้อม แต่ยังตอบคำถาม"
    )
    check_minutes: float = Field(
        60, ge=0, le=10**5, description="serve ตรวจดัชนีทุกกี่นาที ส่วนที่เสียสร้างใหม่เองโดยไม่หยุดตอบ (0 = ไม่ตรวจ)"
    )
    log: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="บันทึกเหตุการณ์ลง stderr ตั้งแต่ระดับใด บรรทัดละ JSON ไม่มีคำถาม ผู้ถาม หรือกุญแจ"
    )

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the address that is served."""
        return self.host in ("127.0.0.1", "localhost", "::1")


def load(**given: object) -> Settings:
    """The settings from the environment, with `given` ones (from the command line) before them.

    Raises:
        SettingsError: one or more cannot be used; all are told at once.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    wrong = [f"{name}: ไม่รู้จักการตั้งค่านี้" for name in sorted(os.environ) if name.startswith(PREFIX) and name.upper() not in known]
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong += [f"{PREFIX}{str(fault['loc'][0]).upper()}={fault['input']!r}: {fault['msg']}" for fault in error.errors()]
    if wrong:
        raise SettingsError("การตั้งค่าใช้ไม่ได้\n  " + "\n  ".join(wrong) + f"\nการตั้งค่าที่มี: {', '.join(sorted(known))}")
    return settings


@dataclass(frozen=True, slots=True)
class Told:
    """A setting as an operator may see it: its variable, what it means, its value and its default, both as text.

    A secret's value is never here: `value` is '' and `is_secret` true. `is_set` is whether it is other than its default.
    """

    name: str
    meaning: str
    value: str
    default: str
    is_set: bool
    is_secret: bool


_PASSWORD = re.compile("(?<=://)[^/@]+(?=@)")
"""Who an address says that it is asked for, and by which password."""


def told(settings: Settings) -> list[Told]:
    """All settings, in their order."""
    rows = []
    for name, field in Settings.model_fields.items():
        value, default = getattr(settings, name), field.get_default(call_default_factory=True, validated_data={})
        secret = isinstance(value, SecretStr)
        shown = "" if secret else _shown(value)
        usual = "" if secret else _shown(default)
        rows.append(Told(PREFIX + name.upper(), field.description or "", shown, usual, value != default, secret))
    return rows


def without_secrets(settings: Settings) -> dict[str, Any]:
    """The settings as JSON, by variable: None in place of a secret that is set; what is not set is left out."""
    return {one.name: None if one.is_secret else one.value for one in told(settings) if one.is_set}


def _shown(value: object) -> str:
    return _PASSWORD.sub("***", f"{value:g}" if isinstance(value, float) else str(value))
