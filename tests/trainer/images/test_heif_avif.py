"""HEIF and AVIF: crop, rotation and mirroring, brands, sequences, and odd structures."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from tests.trainer.drawings import GREEN, RED, encode, is_near, pixel
from tests.trainer.heif_files import Property, box, crop, heif, mirror, rotation
from trainer.errors import ImageError
from trainer.images import decode
from trainer.images.decode import decode_image

KINDS = ["AVIF", "HEIF"]


def pixels(data: bytes) -> npt.NDArray[np.int16]:
    return np.asarray(decode_image(data).image).astype(np.int16)


def applied(array: npt.NDArray[np.int16], what: Property) -> npt.NDArray[np.int16]:
    """What a property does, independently of any decoder."""
    name, body = what
    if name == b"irot":
        return np.rot90(array, body[0])
    if name == b"imir":
        return array[:, ::-1] if body[0] else array[::-1]
    width, _, height, _, across, _, down, _ = np.frombuffer(body, ">i4")
    left = round(across / 2 + (array.shape[1] - width) / 2)
    top = round(down / 2 + (array.shape[0] - height) / 2)
    return array[top : top + height, left : left + width]


CROPS = [(), (crop(40, 30),), (crop(48, 32, 24, -16),), (crop(30, 64, -33, 0),)]
TURNS = [(), *((rotation(quarters),) for quarters in (1, 2, 3))]
MIRRORS = [(), (mirror(0),), (mirror(1),)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cut", CROPS, ids=["whole", "center", "corner", "left"])
@pytest.mark.parametrize("turn", TURNS, ids=str)
@pytest.mark.parametrize("flip", MIRRORS, ids=["as is", "vertically", "horizontally"])
def test_crop_rotation_and_mirroring_apply_in_this_order(
    kind: str, cut: tuple[Property, ...], turn: tuple[Property, ...], flip: tuple[Property, ...]
) -> None:
    expected = pixels(heif(kind))
    for each in itertools.chain(cut, turn, flip):
        expected = applied(expected, each)
    decoded = decode_image(heif(kind, [*cut, *turn, *flip]))
    found = np.asarray(decoded.image).astype(np.int16)
    assert (decoded.height, decoded.width) == found.shape[:2] == expected.shape[:2]
    assert np.abs(found - expected).mean() < 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "odd", [(b"clap", bytes(32)), (b"clap", b"\0\0\0\1"), crop(0, 0), crop(500, 0)]
)
def test_an_impossible_crop_is_an_error_or_the_whole_picture(kind: str, odd: Property) -> None:
    try:
        assert decode_image(heif(kind, [odd])).image.size == (96, 64)
    except ImageError:
        assert kind == "HEIF"


@pytest.mark.parametrize(
    ("kind", "brand", "others"),
    [
        ("HEIF", b"mif1", b"heicmiaf"), ("HEIF", b"mif2", b"heicmif1"),
        ("HEIF", b"mif2", b"mif1miaf"),
        ("HEIF", b"miaf", b"heic"), ("HEIF", b"heix", b"mif1"), ("HEIF", b"MiHB", b"mif1heic"),
        ("HEIF", b"1pic", b"mif1heic"), ("HEIF", b"msf1", b"heicmif1"),
        ("AVIF", b"mif1", b"avif"), ("AVIF", b"mif1", b"miafMA1B"), ("AVIF", b"mif2", b"mif1avif"),
        ("AVIF", b"avio", b"avifmif1"), ("AVIF", b"MA1B", b"avifmif1"), ("AVIF", b"miaf", b"mif1"),
    ],
)  # fmt: skip
def test_the_brands_decide(kind: str, brand: bytes, others: bytes) -> None:
    decoded = decode_image(heif(kind, brand=brand, others=others))
    assert (decoded.format, decoded.image.size) == (kind, (96, 64))


@pytest.mark.parametrize("brand", [b"isom", b"mp42", b"qt  ", b"M4V ", b"av01", b"dash", b"3gp5"])
def test_videos_are_videos(brand: bytes) -> None:
    data = box(b"ftyp", brand, bytes(4), b"isomiso2avc1mp41") + box(b"mdat", bytes(500))
    with pytest.raises(ImageError, match="This is a video, not a picture"):
        decode_image(data)


@pytest.mark.parametrize("codec", [b"avc1", b"vvc1", b"j2k1", b"xyz1"])
def test_other_codecs_are_named(codec: bytes) -> None:
    data = heif("HEIF", item_type=codec, brand=b"mif1", others=b"mif1miaf")
    with pytest.raises(ImageError, match=r"This kind of HEIF .*cannot be read. Save it as PNG"):
        decode_image(data)


def test_an_avif_with_faults_where_they_do_not_matter_is_read() -> None:
    # libavif refuses a second box of this kind, which some encoders write.
    data = heif("AVIF", [rotation(1)], split_association=True)
    decoded = decode_image(data)
    assert decoded.image.size == (64, 96)
    assert decoded.notes == ("shown without transparency and other extras",)
    expected = applied(pixels(heif("AVIF")), rotation(1))
    assert np.abs(pixels(data) - expected).mean() < 2
    cut = heif("AVIF", [crop(40, 30), mirror(1)], split_association=True)
    assert decode_image(cut).image.size == (40, 30)


@pytest.mark.parametrize("kind", KINDS)
def test_pixels_may_be_among_the_metadata(kind: str) -> None:
    assert np.abs(pixels(heif(kind, in_idat=True)) - pixels(heif(kind))).max() == 0


def test_an_avif_of_another_structure_is_named() -> None:
    with pytest.raises(ImageError, match=r"This kind of AVIF .*cannot be read"):
        decode_image(heif("AVIF", item_type=b"iovl", others=b"avifmif1"))


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_file_is_incomplete(kind: str) -> None:
    data = heif(kind, [crop(40, 30)])
    with pytest.raises(ImageError, match="incomplete"):
        decode_image(data[: len(data) * 7 // 10])


@pytest.mark.parametrize("kind", ["AVIF", "WEBP", "GIF", "PNG", "TIFF", "MPO"])
@pytest.mark.parametrize("width", [64, 2500, 4500])
def test_of_a_sequence_the_first_picture_is_shown_at_any_size(kind: str, width: int) -> None:
    frames = [Image.new("RGB", (width, 32), color) for color in (RED, GREEN, RED)]
    data = encode(frames[0], kind, save_all=True, append_images=frames[1:])
    decoded = decode_image(data)
    assert is_near(pixel(decoded, 0.5, 0.5), RED, 20)
    assert decoded.width == width


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", [2048, 80, 20])
def test_a_burst_is_read_like_a_single_picture(
    kind: str, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As with a picture larger than the limit, which nothing here can write in this format.
    monkeypatch.setattr(decode, "MAX_LONG_SIDE", limit)
    one, many = decode_image(heif(kind)), decode_image(heif(kind, pictures=3))
    assert many.image.size == (min(96, limit), min(64, round(limit * 2 / 3)))
    assert many.image.tobytes() == one.image.tobytes()
    assert (many.width, many.height) == (96, 64)
