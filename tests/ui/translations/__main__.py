"""`python -m tests.ui.translations`: brings the files in line with the window, says what is left to do."""

import sys

from tests.ui.translations.sentences import read_window
from tests.ui.translations.ts_files import FORMS, compile_into, messages, qm_file, ts_file, update


def main() -> int:
    """Returns 1 where something is left to do."""
    sentences, faults = read_window()
    for fault in faults:
        sys.stderr.write(f"{fault.place}: {fault.what}\n")
    left = len(faults)
    for language in FORMS:
        update(language, sentences, ts_file(language))
        compile_into(language, qm_file(language))
        missing = [message.sentence for message in messages(language) if not message.forms]
        left += len(missing)
        sys.stdout.write(f"{language}: {len(missing)} to translate\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
