"""`make demo`: play the main job against the running system."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bela_local.demo import figures, side_by_side, story1_rotation, story2_near_activity, story3_funnel
from bela_local.demo.api import Api, Refused
from bela_local.demo.telling import Surprise, say, title
from bela_local.layout import ROOT
from bela_local.run_file import read_run_info


def main() -> int:
    """Play the stories; return 0 when every figure was as the specification says."""
    info = read_run_info(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".state") / "run.json")
    if info is None:
        print("Bela is not running here. Start it with `make run`, then try again in a second terminal.")
        return 1
    api = Api(info)
    run = time.strftime("%H%M%S")
    began = time.monotonic()
    try:
        story3_funnel.play(api)
        near = story2_near_activity.play(api, run)
        offices = [story1_rotation.play(api, run)]
        others = side_by_side.play(api, run)
        figures.show(api, story1_rotation.REGION, 2026, offices)
        figures.reconcile(api, 2026, others)
        figures.show_record(api, story2_near_activity.REGION, near)
    except (Surprise, Refused, TimeoutError) as failure:
        print(f"\nThe demo stopped: {failure}")
        return 1
    title(f"Selesai dalam {time.monotonic() - began:.0f} detik.")
    say(f"Semua yang terlihat di sini dapat dilihat sendiri: {info.gateway_url}/docs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
