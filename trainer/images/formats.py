"""Detects file formats by content; used by `decode` and `fetch_picture`.

Only raster formats are supported, so that opening a file can never run a program (EPS) or access
other files (SVG, PDF). Standard library only; Pillow is loaded for the detected format.
"""

import codecs
import re
from dataclasses import dataclass

from trainer.images.readers import boxes

HEAD_BYTES = 1024
"""Number of leading bytes that `detect_format` and `describe_other` examine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFormat:
    """A raster format that can be decoded.

    Attributes:
        name: Name to show, such as `JPEG`.
        module: Module of its reader.
        reader: Called with an open file, it reads only the header and returns a file object of
            Pillow or an `Opened`.
    """

    name: str
    module: str
    reader: str


def _pillow(name: str, stem: str = "") -> ImageFormat:
    stem = stem or name.title()
    return ImageFormat(name=name, module=f"PIL.{stem}ImagePlugin", reader=f"{stem}ImageFile")


def _own(name: str) -> ImageFormat:
    stem = name.lower()
    return ImageFormat(name=name, module=f"trainer.images.readers.{stem}", reader=f"open_{stem}")


_JPEG = _own("JPEG")
_TGA = _pillow("TGA", "Tga")
ICO = ImageFormat(name="ICO", module="PIL.IcoImagePlugin", reader="IcoFile")
_AVIF, _HEIF = _own("AVIF"), _own("HEIF")
_CAMERA_RAW = ImageFormat(
    name="camera raw", module="trainer.images.readers.camera_raw", reader="open_camera_raw"
)

# JPEG includes MPO: its first picture is a plain JPEG, and the others are ignored.
_SIGNATURES = (
    (rb"\xff\xd8\xff", _JPEG),
    (rb"\x89PNG\r\n\x1a\n", _own("PNG")),
    (rb"GIF8[79]a", _pillow("GIF")),
    (rb"RIFF....WEBP", _own("WEBP")),
    (rb"BM.{12}[\x0c-\x7c]\0\0\0", _own("BMP")),
    (rb"II\*\0|MM\0\*|II\+\0|MM\0\+", _own("TIFF")),
    # Olympus, Panasonic, Fujifilm, Canon before 2004, Minolta and Sigma; the others write TIFF.
    (rb"IIR[OS]|MMOR|IIU\0|FUJIFILMCCD-RAW|II\x1a\0\0\0HEAPCCDR|\0MRM|FOVb", _CAMERA_RAW),
    (rb"\0\0\x01\0", ICO),
    (rb"P(?:[1-6][\s#]|7\n|f\n)", _pillow("PPM")),
    (rb"qoif", _pillow("QOI")),
    (
        rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51\0",
        ImageFormat(
            name="JPEG 2000", module="trainer.images.readers.jpeg2000", reader="open_jpeg2000"
        ),
    ),
)
_FORMATS = tuple((re.compile(pattern, re.DOTALL), kind) for pattern, kind in _SIGNATURES)
_AVIF_BRANDS = {b"avif", b"avis", b"avio"}
_HEIF_BRANDS = {
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2",
    b"mif3", b"msf1", b"miaf", b"1pic", b"MiHB", b"MiHA", b"MiHE", b"jpeg", b"jpgs", b"j2ki",
    b"j2is", b"avci", b"avcs", b"vvic", b"vvis", b"evbi", b"evmi", b"unif",
}  # fmt: skip
_TGA_FOOTER = b"TRUEVISION-XFILE.\0"

_PROLOGUE = rb"(?i:\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!doctype svg[^>]*>\s*)*"
_OTHER_SIGNATURES = (
    (rb"version https://git-lfs", "a placeholder of Git LFS (run “git lfs pull”)"),
    (rb"%PDF-", "a PDF document"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "a PostScript drawing"),
    (_PROLOGUE + rb"<svg\b)", "an SVG drawing"),
    (_PROLOGUE + rb"<(?:!doctype html|html|head|body|title|script)\b)", "a web page"),
    (rb"....ftyp|\x1aE\xdf\xa3|RIFF....AVI ", "a video"),
    (rb"ID3|OggS|fLaC|RIFF....WAVE", "an audio file"),
    (rb"PK\x03\x04.{26}[^/\0]{1,200}/(?:data\.pkl|\.format_version)", "a PyTorch model file"),
    (rb"PK\x03\x04|Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ", "an archive or an office document"),
    (rb"MZ|\x7fELF|\xcf\xfa\xed\xfe|#!", "a program"),
    (rb".{8}\{\"", "a model file"),
)
_UNREADABLE_PICTURES = (
    (rb"8BPS", "a Photoshop document"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "a JPEG XL file"),
    (rb"II\xbc", "a JPEG XR file"),
    (rb"v/1\x01", "an OpenEXR file"),
    (rb"#\?(?:RADIANCE|RGBE)", "a Radiance HDR file"),
    (rb"DDS ", "a DirectDraw texture"),
    (rb"[\x8a\x8b][MJ]NG\r\n", "an MNG animation"),
    (rb"SIMPLE  =", "a FITS file"),
    (rb".{128}DICM", "a DICOM file"),
    (rb"AT&TFORM", "a DjVu document"),
    (rb"gimp xcf", "a GIMP document"),
    (rb"\xd7\xcd\xc6\x9a|\x01\0\0\0.{36} EMF", "a Windows metafile"),
    (rb"\x0a[\x00\x02-\x05]\x01[\x01\x02\x04\x08]", "a PCX file"),
    (rb"\x01\xda[\x00\x01][\x01\x02]", "an SGI file"),
    (rb"PF\s", "a PFM file in color"),
)
"""Pictures, but of kinds that cannot be read."""
_UNREADABLE_TYPES = tuple(
    (re.compile(pattern, re.DOTALL), name) for pattern, name in _UNREADABLE_PICTURES
)
_OTHER_TYPES = tuple((re.compile(pattern, re.DOTALL), name) for pattern, name in _OTHER_SIGNATURES)


def detect_format(data: bytes) -> ImageFormat | None:
    """The raster format of a file, or None if it is not supported."""
    head = data[:HEAD_BYTES]
    for pattern, kind in _FORMATS:
        if pattern.match(head):
            return kind
    if brands := set(boxes.brands(head)):
        return _by_brands(brands, head)
    # TGA has no signature at its start; only version 2 has one at its end.
    return _TGA if data.endswith(_TGA_FOOTER) else None


def _by_brands(brands: set[bytes], head: bytes) -> ImageFormat | None:
    if b"crx " in brands:
        return _CAMERA_RAW
    generic = not brands & {b"heic", b"heix"} and b"av01" in head
    if brands & _AVIF_BRANDS or (brands & _HEIF_BRANDS and generic):
        return _AVIF
    return _HEIF if brands & _HEIF_BRANDS else None


def describe_unreadable(data: bytes) -> str:
    """Which kind of picture a file is that cannot be read, such as `a JPEG XL file`; or empty."""
    head = data[:HEAD_BYTES]
    return next((name for pattern, name in _UNREADABLE_TYPES if pattern.match(head)), "")


def describe_other(data: bytes) -> str:
    """What another file is, such as `a web page`; empty if unknown."""
    head = data[:HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    for pattern, name in _OTHER_TYPES:
        if pattern.match(head):
            return name
    return "a text file" if _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    if b"\0" in head or not head:
        return False
    try:
        # Not final: the sample may end inside a character.
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def is_web_page(data: bytes) -> bool:
    """Whether these bytes are HTML."""
    return detect_format(data) is None and describe_other(data) == "a web page"


def is_truncated(kind: ImageFormat, data: bytes) -> bool:
    """Whether the file ends before its own header says it should.

    Decoders report a truncated file in many ways, some of them misleading; these formats declare
    their length, which is reliable.
    """
    match kind.name:
        case "WEBP":
            return int.from_bytes(data[4:8], "little") + 8 > len(data)
        case "AVIF" | "HEIF":
            return _last_box_is_short(data)
        case "TIFF":
            first = int.from_bytes(data[4:8], "little" if data[:2] == b"II" else "big")
            return first >= len(data)
        case "JPEG" | "JPEG 2000":
            return b"\xff\xd9" not in data[-64:]
        case "ICO":
            return _ico_ends(data) > len(data)
    return False


def _last_box_is_short(data: bytes) -> bool:
    at = 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if length == 0:  # "up to the end of the file"
            return False
        if length == 1:  # a 64-bit length follows the name
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        at += max(length, 8)
    return at != len(data)


def _ico_ends(data: bytes) -> int:
    count = int.from_bytes(data[4:6], "little")
    entries = (data[6 + 16 * i : 22 + 16 * i] for i in range(count))
    return max((_ico_entry_end(entry) for entry in entries), default=0)


def _ico_entry_end(entry: bytes) -> int:
    return int.from_bytes(entry[8:12], "little") + int.from_bytes(entry[12:16], "little")
