"""`cifar-trainer predict`: classify images."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from trainer.cancellation import CancelToken
from trainer.commands.arguments import command_line, given_data
from trainer.commands.picture_sources import PictureSource, is_url, picture_sources
from trainer.commands.prediction_table import prediction_table, require_writable
from trainer.errors import FetchError, ImageError
from trainer.images.decode import decode_image
from trainer.inference.predictor import Predictor
from trainer.web.fetch_picture import fetch, read_data_uri
from trainer.workflows.load_network import load_network


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Classify images; 1 if any of them could not be read."""
    table_path = Path(options.csv) if options.csv else None
    # Before anything that takes long, such as the network of an unfinished run.
    require_writable(table_path)
    sources = picture_sources(options.images, token)
    network, card = load_network(
        options.model, data=given_data(options), command=command_line(), token=token
    )
    predictor = Predictor(network, card)
    top_k, failed = min(options.top_k, len(card.classes)), False
    with prediction_table(table_path, top_k) as table:
        for source in sources:
            token.check()
            if source.skipped:
                print(source.skipped, file=sys.stderr)
                continue
            result = _predict(predictor, source, top_k, token)
            failed |= "error" in result
            line = json.dumps(result, ensure_ascii=False) if options.json else _text(result)
            print(line, flush=True)
            if table is not None:
                table.add(result)
    return int(failed)


def _predict(
    predictor: Predictor, source: PictureSource, top_k: int, token: CancelToken
) -> dict[str, Any]:
    try:
        decoded = decode_image(_bytes_or_path(source, token))
    except (ImageError, FetchError) as error:
        return {"image": source.name, "error": error.message}
    prediction = predictor.predict(decoded.image)
    return {
        "image": source.name,
        "top": [
            {"class": each.name, "probability": round(each.probability, 6)}
            for each in prediction.top(top_k)
        ],
        "verdict": prediction.verdict,
        "known_score": round(prediction.energy_score, 6),
        "seconds": round(prediction.seconds, 6),
        "notes": list(decoded.notes),
    }


def _bytes_or_path(source: PictureSource, token: CancelToken) -> bytes | Path:
    name = source.name
    if source.error:
        raise ImageError(source.error)
    if source.content is not None:
        return source.content
    if name[:5].lower() == "data:":
        return read_data_uri(name)
    if name[:7].lower() == "file://":
        return Path(url2pathname(urlsplit(name).path))
    return fetch(name, token=token) if is_url(name) else Path(name)


def _text(result: dict[str, Any]) -> str:
    if "error" in result:
        return f"{result['image']}: {result['error']}"
    top = ", ".join(f"{each['class']} {each['probability']:.1%}" for each in result["top"])
    verdict = {"sure": "", "unsure": "unsure", "none": "probably none of these"}
    facts = "; ".join(filter(None, (verdict[result["verdict"]], *result["notes"])))
    return f"{result['image']}: {top}{f' ({facts})' if facts else ''}"
