"""``python -m knowledge``: validate, guide, search, evaluate, train, bench, schema, names, import, export."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from knowledge import catalogue as catalogues
from knowledge import catalogue_file
from knowledge.drawing import draw_reliability
from knowledge.errors import CaseError, KnowledgeError, reason
from knowledge.evaluation import by_group, measure, misses, perturb, reliability, resident_mb, run
from knowledge.exchange.command import add_commands as add_exchange
from knowledge.exchange.national import read_national
from knowledge.guide_command import add_command as add_guide
from knowledge.matching import Matcher
from knowledge.matching.model import save_model
from knowledge.names import write_names
from knowledge.noise import NOISES
from knowledge.offices.command import add_commands as add_offices
from knowledge.procedure import Procedure
from knowledge.questions import load_questions
from knowledge.report import evaluation_table, explanation, search_table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status: 0 done, 1 a fault in the data, 2 a wrong call."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except CaseError as error:
        print(f"Lỗi: {error}", file=sys.stderr)
        return 2
    except KnowledgeError as error:
        print(f"Lỗi: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    except OSError as error:
        print(f"Lỗi: Không ghi được tệp {error.filename or ''}: {reason(error)}", file=sys.stderr)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    search = commands.add_parser("search", help="rank procedures for one question")
    search.add_argument("question")
    search.add_argument("--explain", action="store_true", help="say which words, corrections and features counted")
    search.set_defaults(run=_search)

    evaluate = commands.add_parser("evaluate", help="measure the matcher on labelled questions")
    evaluate.add_argument("questions", type=Path)
    evaluate.add_argument("--errors", type=Path, help="write every miss here, one JSON object a line")
    evaluate.add_argument("--reliability", type=Path, help="draw said against right into this picture")
    evaluate.add_argument("--perturb", choices=sorted(NOISES), help="apply noise to the questions first")
    evaluate.add_argument("--seed", type=int, default=1)
    evaluate.set_defaults(run=_evaluate)

    train = commands.add_parser("train", help="remake the text model from labelled questions")
    train.add_argument("questions", type=Path, nargs="+")
    train.add_argument(
        "--rough", type=Path, nargs="*", default=[], help="questions with less sure labels, to rank only"
    )
    train.add_argument("--output", type=Path, help="write the model here; leave what ships alone")
    train.set_defaults(run=_train)

    validate = commands.add_parser(
        "validate", help="check the catalogue, the articles, the phrase book and the word lists"
    )
    validate.add_argument("file", type=Path, nargs="?", help="another procedures.json than the one that ships")
    validate.set_defaults(run=_validate)

    add_guide(commands)

    bench = commands.add_parser("bench", help="compare with plain methods, in one process and one run")
    bench.add_argument("questions", type=Path)
    bench.add_argument("--output", type=Path, help="folder for the Markdown table and the chart")
    bench.set_defaults(run=_bench)

    schema = commands.add_parser("schema", help="print the JSON Schema of procedures.json")
    schema.set_defaults(run=_schema)

    names = commands.add_parser("names", help="print the names file of a catalogue of national records")
    names.add_argument("catalogues", type=Path, nargs="+")
    names.set_defaults(run=_names)
    add_offices(commands)
    add_exchange(commands)

    for command in (search, evaluate, train, bench):
        command.add_argument("--catalogue", type=Path, help="national records (.jsonl or .jsonl.gz) to search in")
    for command in (search, evaluate, train, validate, bench):
        command.add_argument("--json", action="store_true", help="print JSON")
    return parser


def open_catalogue(path: Path | None) -> Iterable[Procedure]:
    """Return the shipped procedures, or the national records at ``path`` enriched with what the shipped ones know."""
    shipped = catalogues.load()
    return shipped if path is None else catalogues.enrich(read_national(path), shipped)


def _search(options: argparse.Namespace) -> int:
    matcher = Matcher(open_catalogue(options.catalogue))
    match = matcher.match(options.question)
    found: dict[str, Any] = {
        "outcome": match.outcome.value,
        "facets": [facet.value for facet in match.facets],
        "choices": list(match.choices),
        "elsewhere": match.elsewhere,
        "ask": match.ask,
        "labels": list(match.labels),
        "ranking": [
            {"code": c.code, "name": matcher.names[c.code], "confidence": round(c.confidence, 4)}
            for c in match.candidates
        ],
    }
    if options.explain:
        found["explanation"] = explanation(matcher, options.question)
    print(json.dumps(found, ensure_ascii=False, indent=1) if options.json else search_table(found))
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    questions = load_questions([options.questions])
    if options.perturb:
        questions = perturb(questions, options.perturb, options.seed)
    matcher = Matcher(open_catalogue(options.catalogue))
    trials = run(matcher, questions)
    figures = measure(trials) | {"index_build_s": round(matcher.built_in, 3), "rss_mb": resident_mb()}
    if options.errors:
        lines = (json.dumps(miss, ensure_ascii=False) + "\n" for miss in misses(trials))
        options.errors.write_text("".join(lines), encoding="utf-8")
    if options.reliability:
        draw_reliability(reliability(trials), options.reliability)
    groups = by_group(trials)
    print(json.dumps(figures | {"groups": groups}, indent=1) if options.json else evaluation_table(figures, groups))
    return 0


def _train(options: argparse.Namespace) -> int:
    from knowledge.training import keep_syllables, keep_words, train

    if not options.output:
        keep_syllables()
        keep_words()
    model, figures = train(
        open_catalogue(options.catalogue), load_questions(options.questions), load_questions(options.rough)
    )
    save_model(model, options.output) if options.output else save_model(model)
    print(json.dumps(figures, indent=1))
    return 0


def _validate(options: argparse.Namespace) -> int:
    from knowledge.validation import validate

    report = validate(options.file or catalogues.shipped_path())
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        for key, value in report.items():
            print(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return 1 if report["errors"] else 0


def _bench(options: argparse.Namespace) -> int:
    from knowledge.bench import bench

    print(bench(open_catalogue(options.catalogue), load_questions([options.questions]), options.output, options.json))
    return 0


def _schema(_: argparse.Namespace) -> int:
    print(catalogue_file.schema_text(), end="")
    return 0


def _names(options: argparse.Namespace) -> int:
    records = {record.code: record for path in options.catalogues for record in read_national(path)}
    print("\n".join(write_names(records.values())))
    return 0
