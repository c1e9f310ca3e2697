/** A YAML syntax error in words. */
type SyntaxMistake = { message: string; hint: string }

const AS_YAML =
  'Write it as YAML: indent by two spaces per level, put a space after each colon, and put quotes around text that contains ": " or " #".'

/** Explanations for people who write manifests; the library's own messages address programmers. */
const mistakeByCode: Readonly<Record<string, SyntaxMistake>> = {
  TAB_AS_INDENT: {
    message: 'The line is indented with a tab, but YAML allows only spaces.',
    hint: 'Replace each tab with two spaces, here and in the lines below, or set the editor to indent YAML with spaces.',
  },
  MULTIPLE_DOCS: {
    message: 'The file contains several documents: a line of --- or ... starts a new one.',
    hint: 'Remove that line, or move what follows to a file of its own.',
  },
  NON_STRING_KEY: {
    message: 'Keys must be plain text.',
    hint: 'Put quotes around text that begins with {{, for example "{{color}} mug"; otherwise write a name before the colon, for example `hero:`.',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'YAML reads these lines as one long key.',
    hint: 'Put a colon and a space after each key (`alt: A hill`), and start all keys of a map in the same column.',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'YAML finds a second key within this value.',
    hint: 'Put quotes around text that contains a colon and a space ("Scene: a hill"), and start all keys of a map in the same column.',
  },
  BLOCK_IN_FLOW: {
    message: 'YAML finds a second key within one entry of the braces or brackets.',
    hint: 'Put a comma between the entries, and quotes around text that contains a colon and a space.',
  },
  BAD_ALIAS: {
    message: 'YAML reads & and * as marks of repeated values.',
    hint: 'Put quotes around text that begins with & or *.',
  },
  BAD_DQ_ESCAPE: {
    message: 'In double quotes a backslash starts an escape sequence, and this one is unknown.',
    hint: 'Write \\\\ for a backslash, or use single quotes.',
  },
  MULTIPLE_ANCHORS: {
    message: 'A value can have one anchor (&name), but this one has several.',
    hint: 'Keep one of them.',
  },
  MULTIPLE_TAGS: {
    message: 'A value can have one tag (!name), but this one has several.',
    hint: 'Remove them, or put quotes around the text.',
  },
  KEY_OVER_1024_CHARS: {
    message: 'A key is longer than 1024 characters.',
    hint: 'Shorten the key, or put quotes around text that only looks like a key.',
  },
  RESOURCE_EXHAUSTION: {
    message: 'Maps and lists are nested too deeply.',
    hint: 'Flatten them: a manifest needs at most seven levels.',
  },
  BAD_DIRECTIVE: {
    message: 'A line that begins with % is a YAML directive, and this one is unknown.',
    hint: 'Remove the line.',
  },
}

/** Explanations by the library's message, where its code is too general. */
const mistakes: readonly (readonly [pattern: RegExp, mistake: SyntaxMistake])[] = [
  [
    /^Missing closing (['"])quote/,
    {
      message: 'A quoted text has no closing quote.',
      hint: 'Add the closing quote, or put the whole text in the other kind of quotes.',
    },
  ],
  [
    /^Implicit map keys need to be followed by map values/,
    {
      message: 'This key has no colon.',
      hint: 'Write a colon and a space after it, then its value, for example `alt: A hill`.',
    },
  ],
  [
    /^All mapping items must start at the same column/,
    {
      message: 'This line starts in a different column than the other keys of its map.',
      hint: 'Start all keys of a map in the same column.',
    },
  ],
  [
    /^Flow (map|sequence).*must be .*end with/,
    { message: 'A bracket or brace is not closed.', hint: 'Add the closing ] or }.' },
  ],
  [
    /^Plain value cannot start with/,
    {
      message: 'YAML reserves this character at the start of a value.',
      hint: 'Put quotes around the text.',
    },
  ],
  [
    /^Unexpected flow-(map|seq)-end/,
    {
      message: 'A closing bracket or brace has no opening one.',
      hint: 'Remove it, or add the opening [ or {.',
    },
  ],
  [
    /^Unexpected , in flow/,
    { message: 'YAML expects an entry here, not a comma.', hint: 'Remove one of the commas.' },
  ],
  [
    /^Unexpected .*at node end|^Not a YAML token/,
    {
      message: 'More text follows the end of the value.',
      hint: 'Put quotes around the whole text, or remove what follows.',
    },
  ],
]

/** Explains an error of the `yaml` library. */
export function explainSyntax({ code, message }: { code: string; message: string }): SyntaxMistake {
  const known = Object.hasOwn(mistakeByCode, code)
    ? mistakeByCode[code]
    : mistakes.find(([pattern]) => pattern.test(message))?.[1]
  return known ?? { message: sentence(message), hint: AS_YAML }
}

/** Returns the first line of a text, with a full stop at its end. */
export function sentence(text: string): string {
  const line = text.split('\n', 1)[0]!.trim()
  return /[.!?]$/.test(line) ? line : `${line}.`
}
