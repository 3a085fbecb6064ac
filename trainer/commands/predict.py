"""`cifar-trainer predict`: classify images."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from trainer.cancellation import CancelToken
from trainer.data.scan import NON_IMAGE_SUFFIXES
from trainer.errors import FetchError, ImageError
from trainer.files.resources import model_path
from trainer.images.decode import decode_image
from trainer.inference.predictor import Predictor
from trainer.web.fetch_picture import fetch, read_data_uri


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Classify images; 1 if any of them could not be read."""
    predictor = Predictor.load(model_path(options.model))
    failed = False
    for source in _sources(options.images):
        token.check()
        result = _predict(predictor, source, options.top_k, token)
        failed |= "error" in result
        print(json.dumps(result, ensure_ascii=False) if options.json else _text(result), flush=True)
    return int(failed)


def _sources(names: list[str]) -> Iterator[str]:
    for name in names:
        if _is_url(name) or not Path(name).is_dir():
            yield name
        else:
            yield from _images_below(Path(name)) or [name]


def _is_url(name: str) -> bool:
    return "://" in name or _is_data(name)


def _is_data(name: str) -> bool:
    return name[:5].lower() == "data:"


def _images_below(folder: Path) -> list[str]:
    return [
        str(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix.lower() not in NON_IMAGE_SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def _predict(predictor: Predictor, source: str, top_k: int, token: CancelToken) -> dict[str, Any]:
    try:
        decoded = decode_image(_bytes_or_path(source, token))
    except (ImageError, FetchError) as error:
        return {"image": source, "error": error.message}
    prediction = predictor.predict(decoded.image)
    return {
        "image": source,
        "top": [
            {"class": each.name, "probability": round(each.probability, 6)}
            for each in prediction.top(top_k)
        ],
        "verdict": prediction.verdict,
        "known_score": round(prediction.energy_score, 6),
        "seconds": round(prediction.seconds, 6),
        "notes": list(decoded.notes),
    }


def _bytes_or_path(source: str, token: CancelToken) -> bytes | Path:
    if _is_data(source):
        return read_data_uri(source)
    if source[:7].lower() == "file://":
        return Path(url2pathname(urlsplit(source).path))
    if _is_url(source):
        return fetch(source, token=token)
    if Path(source).is_dir():
        raise ImageError("This folder contains no images.")
    return Path(source)


def _text(result: dict[str, Any]) -> str:
    if "error" in result:
        return f"{result['image']}: {result['error']}"
    top = ", ".join(f"{each['class']} {each['probability']:.1%}" for each in result["top"])
    note = {"sure": "", "unsure": " (unsure)", "none": " (probably none of these)"}
    return f"{result['image']}: {top}{note[result['verdict']]}"
