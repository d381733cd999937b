"""What can be wrong with a source, each with a stable code for programs and a Thai sentence for people.

IngestError
├── UnsupportedFormat   unsupported_format  a kind of file that no reader is for
│   ├── SeveralDocuments several_documents  several records or files where one document was asked for
│   ├── NestedZip       nested_archive      a ZIP within a ZIP
│   └── ConverterMissing converter_missing  a format that LibreOffice is needed for, which is not installed
├── UnreadableDocument  corrupt             broken, or cut short
│   ├── TypeMismatch    type_mismatch       the name says one format, the content is another
│   ├── DtdForbidden    xml_dtd_forbidden   XML with a document type declaration, which may name other files or never end
│   ├── InvalidEncoding invalid_encoding    text in an encoding that cannot be told
│   └── InvalidRecord   invalid_record      a line of a JSON Lines export that is no document
├── EncryptedDocument   encrypted           opens with a password only
├── EmptyDocument       empty_file          holds no text
├── NoTextLayer         no_text_layer       pictures of pages (a scan)
├── TooLarge            too_large           larger, or more intricate, than can be read safely
├── TimedOut            timeout             reading it took longer than is allowed
├── ReaderUnavailable   reader_unavailable  the process that reads files cannot be started
├── UnreachableSource   unreachable         a path that is missing or may not be read
├── UrlForbidden        url_forbidden       an address that may not be fetched
└── UrlUnreachable      url_unreachable     an address that does not answer as it should
"""


class IngestError(Exception):
    """A source that cannot be taken in; the message is Thai and says what is wrong with which source and what to do.

    `detail` is what the message adds in parentheses: a limit, a line number, what the library said.
    """

    code = "ingest_error"
    sentence = "อ่าน “{source}” ไม่ได้"
    remedy = "โปรดตรวจสอบไฟล์แล้วลองอีกครั้ง"

    def __init__(self, source: str, detail: str = "") -> None:
        self.source = source
        self.detail = detail
        said = self.sentence.format(source=source)
        super().__init__(f"{said} ({detail}) {self.remedy}" if detail else f"{said} {self.remedy}")


class UnsupportedFormat(IngestError):
    """No reader is for this kind of file."""

    code = "unsupported_format"
    sentence = "“{source}” เป็นไฟล์ชนิดที่ระบบยังอ่านไม่ได้"
    remedy = "โปรดแปลงเป็น PDF, DOCX, XLSX, PPTX, CSV, HTML, TXT, EML, ZIP, JSON Lines หรือภาพ PNG, JPEG, TIFF ก่อน"


class ConverterMissing(UnsupportedFormat):
    """A format that is read by way of LibreOffice, on a machine that has none."""

    code = "converter_missing"
    sentence = "อ่าน “{source}” ต้องใช้โปรแกรม LibreOffice ซึ่งเครื่องนี้ยังไม่มี"
    remedy = "โปรดติดตั้ง LibreOffice ในเครื่องที่เก็บคลัง (ใช้ฟรี) แล้วเพิ่มใหม่ หรือบันทึกไฟล์เป็น DOCX, XLSX หรือ PPTX ก่อน"


class NestedZip(UnsupportedFormat):
    """A ZIP within a ZIP: small ones may hold others without end."""

    code = "nested_archive"
    sentence = "“{source}” เป็น ZIP ที่ซ้อนอยู่ใน ZIP อีกที ระบบจึงไม่เปิด"
    remedy = "โปรดแตกไฟล์ ZIP ข้างในออกก่อนแล้วส่งใหม่"


class SeveralDocuments(UnsupportedFormat):
    """An export of several records, or a file that holds files, where one document was asked for."""

    code = "several_documents"
    sentence = "“{source}” มีเอกสารหลายฉบับ จึงรับเป็นเอกสารเดียวไม่ได้"
    remedy = "โปรดนำเข้าด้วยคำสั่ง thamkhlang add หรือส่งทีละฉบับ"


class UnreadableDocument(IngestError):
    """The file is broken or was cut short."""

    code = "corrupt"
    sentence = "“{source}” เสียหายหรือไม่สมบูรณ์ จึงเปิดอ่านไม่ได้"
    remedy = "โปรดเปิดไฟล์ต้นฉบับแล้วบันทึกใหม่ หรือขอไฟล์ใหม่จากเจ้าของ"


class TypeMismatch(UnreadableDocument):
    """The name's suffix says one format, the content is another."""

    code = "type_mismatch"
    sentence = "เนื้อไฟล์ “{source}” ไม่ตรงกับนามสกุลของไฟล์"
    remedy = "โปรดเปลี่ยนนามสกุลให้ตรงกับเนื้อไฟล์ หรือบันทึกใหม่ให้ถูกชนิด"


class DtdForbidden(UnreadableDocument):
    """XML with a document type declaration, which no office program writes and which may name other files or never end."""

    code = "xml_dtd_forbidden"
    sentence = "“{source}” มี DOCTYPE อยู่ในไฟล์ ซึ่งโปรแกรมสำนักงานไม่เขียน จึงไม่อ่านเพื่อความปลอดภัย"
    remedy = "โปรดเปิดไฟล์ด้วยโปรแกรมสำนักงานแล้วบันทึกใหม่"


class InvalidEncoding(UnreadableDocument):
    """Text that is neither UTF-8, UTF-16 with a mark, nor Thai TIS-620/CP874."""

    code = "invalid_encoding"
    sentence = "อ่านตัวอักษรใน “{source}” ไม่ออก เพราะไม่ใช่ UTF-8, UTF-16 หรือ TIS-620"
    remedy = "โปรดบันทึกไฟล์ใหม่โดยเลือกการเข้ารหัสแบบ UTF-8"


class InvalidRecord(UnreadableDocument):
    """A line of a JSON Lines export that is no document."""

    code = "invalid_record"
    sentence = "บรรทัดหนึ่งใน “{source}” ไม่ใช่ระเบียนเอกสารที่ถูกต้อง"
    remedy = 'โปรดแก้บรรทัดนั้นให้เป็น {"id", "title", "date", "body", "url"} ซึ่งต้องมี id และ body'


class EncryptedDocument(IngestError):
    """The file opens with a password only."""

    code = "encrypted"
    sentence = "“{source}” ตั้งรหัสผ่านไว้ จึงเปิดอ่านไม่ได้"
    remedy = "โปรดปลดรหัสผ่านแล้วส่งใหม่"


class EmptyDocument(IngestError):
    """The file holds no text."""

    code = "empty_file"
    sentence = "“{source}” ไม่มีข้อความให้อ่าน"
    remedy = "โปรดตรวจสอบว่าเลือกไฟล์ถูกและไฟล์มีเนื้อหา"


class NoTextLayer(IngestError):
    """Pictures of pages, without text."""

    code = "no_text_layer"
    sentence = "“{source}” เป็นภาพสแกน ไม่มีตัวอักษรให้อ่าน"
    remedy = (
        "โปรดใช้ไฟล์ต้นฉบับ หรือให้ผู้ดูแลติดตั้งโปรแกรมอ่านภาพ Tesseract พร้อมภาษาไทย "
        "(Debian/Ubuntu: apt install tesseract-ocr tesseract-ocr-tha) แล้วเพิ่มใหม่"
    )


class TooLarge(IngestError):
    """Larger, or more intricate, than can be read safely."""

    code = "too_large"
    sentence = "“{source}” ใหญ่หรือซับซ้อนเกินกว่าที่ระบบรับได้"
    remedy = "โปรดแบ่งเป็นไฟล์ย่อยแล้วส่งใหม่"


class UnreachableSource(IngestError):
    """A path that is missing or may not be read."""

    code = "unreachable"
    sentence = "ไม่พบหรือเปิดอ่าน “{source}” ไม่ได้"
    remedy = "โปรดตรวจสอบที่อยู่ของไฟล์และสิทธิ์การอ่าน"


class TimedOut(IngestError):
    """Reading it took longer than is allowed."""

    code = "timeout"
    sentence = "อ่าน “{source}” นานเกินกำหนด จึงหยุดอ่านไฟล์นี้"
    remedy = "โปรดแบ่งเป็นไฟล์ย่อย หรือบันทึกใหม่จากโปรแกรมต้นฉบับ"


class ReaderUnavailable(IngestError):
    """The process that reads files cannot be started."""

    code = "reader_unavailable"
    sentence = "ยังอ่าน “{source}” ไม่ได้ เพราะเปิดตัวอ่านไฟล์ไม่สำเร็จ"
    remedy = "โปรดตรวจว่าเครื่องมีหน่วยความจำและที่ว่างพอ แล้วเพิ่มไฟล์นี้ใหม่"


class UrlForbidden(IngestError):
    """An address that may not be fetched."""

    code = "url_forbidden"
    sentence = "ไม่รับที่อยู่เว็บ “{source}”"
    remedy = "โปรดดาวน์โหลดไฟล์แล้วเพิ่มเป็นไฟล์แทน หรือถามผู้ดูแล"


class UrlUnreachable(IngestError):
    """An address that does not answer as it should."""

    code = "url_unreachable"
    sentence = "ดาวน์โหลดจาก “{source}” ไม่สำเร็จ"
    remedy = "โปรดเปิดที่อยู่นี้ในเบราว์เซอร์เพื่อตรวจสอบ แล้วลองใหม่"
