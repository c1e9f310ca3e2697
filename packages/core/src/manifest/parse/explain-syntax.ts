/** A mistake of YAML in words. */
export type SyntaxMistake = { message: string; hint: string }

const AS_YAML =
  'Write it as YAML: two spaces a level, a space after each colon, quotes around text that holds ": " or " #".'

/**
 * What the library's codes mean to someone who writes a manifest; its own words speak to
 * programmers.
 */
const mistakeByCode: Readonly<Record<string, SyntaxMistake>> = {
  TAB_AS_INDENT: {
    message: 'A tab indents the line, and YAML takes only spaces.',
    hint: 'Type two spaces a level in place of each tab, here and in the lines below, or set the editor to indent YAML with spaces.',
  },
  MULTIPLE_DOCS: {
    message: 'The file holds several documents: a line of --- or ... starts another one.',
    hint: 'Take that line out, or move what follows to a file of its own.',
  },
  NON_STRING_KEY: {
    message: 'Keys must be plain text.',
    hint: 'Put quotes around text that begins with {{, as "{{color}} mug"; else write a name in front of the colon, as `hero:`.',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'YAML reads these lines as one long key.',
    hint: 'Put a colon and a space after each key (`alt: A hill`), and begin all keys of a map in the same column.',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'YAML finds a second key within this value.',
    hint: 'Put quotes around text that holds a colon and a space ("Scene: a hill"), and begin all keys of a map in the same column.',
  },
  BLOCK_IN_FLOW: {
    message: 'YAML finds a second key within one entry of the braces or brackets.',
    hint: 'Put a comma between the entries, and quotes around text that holds a colon and a space.',
  },
  BAD_ALIAS: {
    message: 'YAML takes & and * for marks of repeated values.',
    hint: 'Put quotes around text that begins with & or *.',
  },
  BAD_DQ_ESCAPE: {
    message: 'In double quotes a backslash begins an escape, and this one is unknown.',
    hint: 'Write \\\\ for a backslash, or use single quotes.',
  },
  MULTIPLE_ANCHORS: {
    message: 'A value can have one anchor (&name), and this one has several.',
    hint: 'Keep one of them.',
  },
  MULTIPLE_TAGS: {
    message: 'A value can have one tag (!name), and this one has several.',
    hint: 'Take them out, or put quotes around the text.',
  },
  KEY_OVER_1024_CHARS: {
    message: 'A key has more than 1024 characters.',
    hint: 'Shorten the key, or put quotes around a text that only looks like one.',
  },
  RESOURCE_EXHAUSTION: {
    message: 'Maps and lists lie too deep within one another.',
    hint: 'Write them flatter: a manifest needs at most seven levels.',
  },
  BAD_DIRECTIVE: {
    message: 'A line that begins with % is a directive to YAML, and this one is unknown.',
    hint: 'Take the line out.',
  },
}

/** Mistakes whose code says less than their words. */
const mistakes: readonly (readonly [pattern: RegExp, mistake: SyntaxMistake])[] = [
  [
    /^Missing closing (['"])quote/,
    {
      message: 'A text that begins with a quote never ends.',
      hint: 'Write the closing quote, or put the whole text into the other kind of quotes.',
    },
  ],
  [
    /^Implicit map keys need to be followed by map values/,
    {
      message: 'There is no colon after this key.',
      hint: 'Write a colon and a space after it, and then the value, as `alt: A hill`.',
    },
  ],
  [
    /^All mapping items must start at the same column/,
    {
      message: 'This line begins in another column than the keys it belongs with.',
      hint: 'Begin all keys of a map in the same column.',
    },
  ],
  [
    /^Flow (map|sequence).*must be .*end with/,
    { message: 'A bracket or brace that opens is not closed.', hint: 'Write the closing ] or }.' },
  ],
  [
    /^Plain value cannot start with/,
    {
      message: 'YAML keeps this character for itself where a value begins.',
      hint: 'Put quotes around the text.',
    },
  ],
  [
    /^Unexpected flow-(map|seq)-end/,
    {
      message: 'A bracket or brace closes that was not opened.',
      hint: 'Take it out, or write the opening [ or {.',
    },
  ],
  [
    /^Unexpected , in flow/,
    { message: 'A comma stands where an entry is expected.', hint: 'Take one of the commas out.' },
  ],
  [
    /^Unexpected .*at node end|^Not a YAML token/,
    {
      message: 'The value has ended, and more text follows.',
      hint: 'Put quotes around the whole text, or take out what follows.',
    },
  ],
]

/** Puts an error of the `yaml` library into words. */
export function explainSyntax({ code, message }: { code: string; message: string }): SyntaxMistake {
  const known = Object.hasOwn(mistakeByCode, code)
    ? mistakeByCode[code]
    : mistakes.find(([pattern]) => pattern.test(message))?.[1]
  return known ?? { message: sentence(message), hint: AS_YAML }
}

/** The first line of a text, ended by a full stop. */
export function sentence(text: string): string {
  const line = text.split('\n', 1)[0]!.trim()
  return /[.!?]$/.test(line) ? line : `${line}.`
}
