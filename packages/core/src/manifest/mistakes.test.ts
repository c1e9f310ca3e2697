import { expect, test } from 'vitest'
import { formatDiagnostic, formatPlace } from '../diagnostic.ts'
import { resolveText } from './testing.ts'

const asset = 'prompt: A hill, alt: A hill'
const manifest = (body: string, head = ''): string => `version: 1\n${head}assets:\n${body}`
const hero = (more: string, head = ''): string => manifest(`  hero: { ${asset}, ${more} }\n`, head)

/** A broken manifest, and its diagnostics as `place code: message → hint`. `…` is any text. */
const table: [name: string, text: string, reported: string[]][] = [
  [
    'an empty file',
    '',
    [
      '1:1 empty: The manifest is empty. → Add `version: 1` and an asset below `assets:`, or run `limn init` in an empty folder.',
    ],
  ],
  [
    'comments alone',
    '# Pictures\n',
    [
      '1:1 empty: The manifest is empty. → Add `version: 1` and an asset below `assets:`, or run `limn init` in an empty folder.',
    ],
  ],
  [
    'a text',
    'hello',
    [
      '1:1 wrong-type: The manifest must be a map, not text. → Add `version: 1` at the top, and pictures below `assets:`.',
    ],
  ],
  [
    'a list',
    '- a\n- b\n',
    [
      '1:1 wrong-type: The manifest must be a map, not a list. → Add `version: 1` at the top, and pictures below `assets:`.',
    ],
  ],
  [
    'no version',
    `assets:\n  hero: { ${asset} }\n`,
    ['1:1 missing: `version` is missing. → Add `version: 1` at the top.'],
  ],
  [
    'another version',
    `version: 2\nassets:\n  hero: { ${asset} }\n`,
    ["1:10 wrong-value: `version` can't be 2. → Write 1."],
  ],
  [
    'no assets',
    'version: 1\n',
    [
      '1:1 missing: `assets` is missing. → Add `assets:` with a picture below it, for example `hero: { prompt: A lighthouse at dawn }`.',
    ],
  ],
  [
    'a misspelt group',
    `version: 1\nasets:\n  hero: { ${asset} }\n`,
    ['2:1 unknown-key: Unknown key "asets". → Did you mean "assets"?'],
  ],
  [
    'assets as a list',
    manifest('  - hero\n'),
    [
      '2:1 wrong-type: `assets` must be a map, not a list. → Write its keys below it, indented by two more spaces.',
    ],
  ],
  [
    'an asset without anything',
    manifest('  hero:\n'),
    [
      '3:8 wrong-type: The asset "hero" is empty: it must be a map. → Write a value after the colon, or remove the key.',
    ],
  ],
  [
    'an asset that is text',
    manifest('  hero: A lighthouse\n'),
    [
      '3:9 wrong-type: The asset "hero" must be a map, not text. → Write its keys below it, indented by two more spaces.',
    ],
  ],
  [
    'no prompt',
    manifest('  hero: { alt: A hill }\n'),
    [
      '3:3 missing: `prompt` of "hero" is missing. → Add `prompt:`, or `source:` with an existing picture.',
    ],
  ],
  [
    'a misspelt prompt',
    manifest('  hero: { promt: A hill, alt: A hill }\n'),
    ['3:11 unknown-key: Unknown key "promt" in the asset "hero". → Did you mean "prompt"?'],
  ],
  [
    'a prompt that is a number',
    manifest('  hero: { prompt: 12, alt: A hill }\n'),
    [
      '3:19 wrong-type: `prompt` of "hero" must be text, not a number. → Put quotes around it to make it text.',
    ],
  ],
  [
    'a prompt of spaces',
    manifest('  hero: { prompt: "  ", alt: A hill }\n'),
    ['3:19 prompt: The prompt of "hero" is empty. → Describe what the picture shows.'],
  ],
  [
    'a key that is like none',
    hero('mood: calm'),
    ['3:40 unknown-key: Unknown key "mood" in the asset "hero". → Known keys: prompt, …'],
  ],
  [
    'an unknown style',
    hero('style: brnad', 'styles: { brand: { append: Warm } }\n'),
    ['4:47 unknown-style: There is no style "brnad". → Did you mean "brand"?'],
  ],
  [
    'a style where there are none',
    hero('style: brand'),
    [
      '3:47 unknown-style: There is no style "brand". → Define it below `styles:`, or run `limn styles` to list the built-in ones.',
    ],
  ],
  [
    'an unknown preset',
    hero('outputs: [ogg]'),
    ['3:50 unknown-preset: There is no preset "ogg". → Did you mean "og"?'],
  ],
  [
    'an unknown preset within a rule',
    hero('outputs: [og, { preset: crad }]'),
    ['3:64 unknown-preset: There is no preset "crad". → Did you mean "card"?'],
  ],
  [
    'a text with a comma and no quotes in an overlay, which YAML splits',
    hero('outputs: [{ preset: og, overlay: { text: a, vars: { title: Coffee, slowly } } }]'),
    [
      '3:107 wrong-type: `slowly` of "hero" is empty: it must be text, or a map of texts. → Write a text after the colon. Put quotes around a text that contains a comma.',
    ],
  ],
  [
    'a prompt with a comma and no quotes, which YAML splits',
    hero('expect: { shows: a red mug, white handle }'),
    [
      '3:68 unknown-key: Unknown key "white handle" in `expect` of "hero". → If "white handle" is part of the text before it, put quotes around that text: it contains a comma.',
    ],
  ],
  [
    'keys of outputs with values of a wrong type',
    hero(
      'outputs: [{ preset: og, overlay: 5 }, { width: 8, each: [en, de] }, { width: 9, rotate: 45 }, { preset: og, each: { lang: en } }]',
    ),
    [
      "… wrong-type: `overlay` of \"hero\" must be text or a map, not 5. → Write `overlay: '{{title}}'`, or `overlay: { text: '{{title}}', position: top }`.",
      '… wrong-type: `each` of "hero" must be a map of lists, or a data file, not a list. → Write `each: { lang: [en, de] }`, or `each: { from: ./posts.csv }`.',
      '… wrong-type: `rotate` of "hero" must be 90, 180 or 270, not 45. → Write `rotate: 90`.',
      '… wrong-type: `lang` of "hero" must be a list, not text. → Write a list, for example `lang: ["en"]`.',
    ],
  ],
  [
    'keys of an overlay and of data that are misspelt',
    hero(
      'outputs: [{ preset: og, overlay: { text: a, colour: red } }, { preset: card, each: { from: a.csv, nmae: slug } }]',
    ),
    [
      '… unknown-key: Unknown key "colour" in `overlay` of "hero". → Did you mean "color"?',
      '… unknown-key: Unknown key "nmae" in `each` of "hero". → Did you mean "name"?',
    ],
  ],
  [
    'keys of sheets, characters and atlases that are misspelt or of a wrong type',
    hero(
      'sheet: { grid: 2x1, cells: [a, { nam: b }, [5]] }, character: { a: 5 }',
      'characters: { mia: { prompt: A girl, view: [front] } }\natlases: { s: { file: a.png, pictures: [hero], siz: 4 } }\n',
    ),
    [
      '2:38 unknown-key: Unknown key "view" in the character "mia". → Did you mean "views"?',
      '3:48 unknown-key: Unknown key "siz" in the atlas "s". → Did you mean "size"?',
      '… unknown-key: Unknown key "nam" in `cells` of "hero". → Did you mean "name"?',
      '… wrong-type: `cells` of "hero" must be a name or a map, not a list. → Write `cells: [mail, { name: home, prompt: a house }]`.',
      '… wrong-type: `character` of "hero" must be a character\'s name or a list of names, not a map. → Write `character: mia` or `character: [mia, captain]`.',
    ],
  ],
  [
    'outputs that are no list',
    hero('outputs: og'),
    [
      '3:49 wrong-type: `outputs` of "hero" must be a list, not text. → Write a list, for example `outputs: ["og"]`.',
    ],
  ],
  [
    'an output that is a number',
    hero('outputs: [5]'),
    [
      '3:50 wrong-type: `outputs` of "hero" must be a preset\'s name or a map, not a number. → Write a preset, for example `og`, or a size, for example `{ width: 640, height: 360 }`.',
    ],
  ],
  [
    'a width of nothing',
    hero('outputs: [{ width: 0 }]'),
    ['3:59 out-of-range: `width` of "hero" must be at least 1.'],
  ],
  [
    'a quality above 100',
    hero('outputs: [og]', 'presets: { og: { width: 10, quality: 101 } }\n'),
    ['2:38 out-of-range: `quality` of "og" must be at most 100.'],
  ],
  [
    'a key in the place of its variable',
    `version: 1\nproviders: { mine: { baseURL: "https://a.example/v1", key: sk-abcdef1234567890 } }\nassets:\n  hero: { ${asset} }\n`,
    [
      '2:60 wrong-value: `key` of "mine" is not the name of an environment variable. → Name the variable that holds the key, for example RELAY_API_KEY: capitals, with _API_KEY or _API_TOKEN at the end. Never write the key itself here.',
    ],
  ],
  [
    'a format that is none',
    hero('outputs: [{ width: 8, formats: [bmp] }]'),
    [
      '3:72 wrong-value: `formats` of "hero" can\'t be "bmp". → Write one of avif, webp, jpeg, png, gif, svg, ico.',
    ],
  ],
  [
    'a colour by name',
    hero('outputs: [{ width: 8, background: white }]'),
    [
      '3:74 wrong-value: `background` of "hero" can\'t be "white". → Write a colour as #rgb, #rrggbb or #rrggbbaa.',
    ],
  ],
  [
    'a colour without quotes in braces',
    hero('outputs: [{ width: 8, background: #fff, formats: [png] }]'),
    [
      '3:74 syntax: YAML reads #fff and the rest of the line as a comment. → Put quotes around the colour: "#fff".',
    ],
  ],
  [
    'a colour without quotes in braces over several lines',
    manifest(
      `  hero:\n    prompt: A hill\n    alt: A hill\n    outputs: [\n      { width: 8, background: #ff0044 },\n      { widht: 9 },\n    ]\n`,
    ),
    [
      '7:31 syntax: YAML reads #ff0044 and the rest of the line as a comment. → Put quotes around the colour: "#ff0044".',
      '8:9 unknown-key: Unknown key "widht"… → Did you mean "width"?',
    ],
  ],
  [
    'a colour without quotes in a list',
    manifest('  mug: { prompt: "{{c}}", alt: x, matrix: { c: [red, #fff, blue] } }\n'),
    [
      '3:54 syntax: YAML reads #fff and the rest of the line as a comment. → Put quotes around the colour: "#fff".',
    ],
  ],
  [
    'a colour without quotes in a line of its own',
    manifest(
      `  hero: { ${asset} }\n`,
      'presets:\n  card:\n    width: 8\n    background: #ffffff # white\n',
    ),
    [
      '5:17 syntax: YAML reads #ffffff and the rest of the line as a comment. → Put quotes around the colour: "#ffffff".',
    ],
  ],
  [
    'a colour without quotes next to comments that look like one',
    `version: 1 # see: #fff\nassets:\n  hero: { prompt: "on: #fff", alt: x, outputs: [{ width: 8, background: #000 }] }\n`,
    [
      '3:73 syntax: YAML reads #000 and the rest of the line as a comment. → Put quotes around the colour: "#000".',
    ],
  ],
  [
    'a size in words',
    hero('size: large'),
    [
      '3:46 wrong-value: `size` of "hero" can\'t be "large". → Write a size as WIDTHxHEIGHT, for example 1536x1024, or auto.',
    ],
  ],
  [
    'a background that is none',
    hero('background: transparant'),
    [
      '3:52 wrong-value: `background` of "hero" can\'t be "transparant". → Did you mean "transparent"?',
    ],
  ],
  [
    'yes for true',
    hero('decorative: yes'),
    [
      '3:52 wrong-type: `decorative` of "hero" must be true or false, not text. → Write true or false.',
    ],
  ],
  [
    'two outputs of one file',
    hero('outputs: [og, { preset: og, quality: 50 }]'),
    [
      '3:40 output-collision: Two outputs of "hero" would both write og.jpg. → Remove one of them, or give it a `name` of its own.',
    ],
  ],
  [
    'an output wider than a WebP can be',
    hero('outputs: [{ name: wall, width: 16384, height: 900, formats: [png, webp] }]'),
    [
      '3:40 format: wall.webp would be 16384x900 px, but a WebP has at most 16,383 px per edge. → Leave webp out of its formats, or make it smaller.',
    ],
  ],
  [
    'outputs higher than an AVIF can be',
    hero(
      'outputs: [{ name: tall, width: 800, height: 1600, widths: [800, 9000], formats: [avif] }]',
    ),
    [
      '3:40 format: tall-9000.avif would be 9000x18000 px, but an AVIF has at most 16,384 px per edge. → Leave avif out of its formats, or make it smaller.',
    ],
  ],
  [
    'an output of defaults that is higher than a WebP can be',
    manifest(
      `  hero: { ${asset} }\n`,
      'defaults: { outputs: [{ name: p, width: 50, height: 16384, formats: [webp, jpeg] }] }\n',
    ),
    [
      '2:13 format: p.webp would be 50x16384 px, but a WebP has at most 16,383 px per edge. → Leave webp out of its formats, or make it smaller.',
    ],
  ],
  [
    'names that differ in case',
    manifest(`  Hero: { ${asset} }\n  hero: { ${asset} }\n`),
    [
      '4:3 name-collision: "hero" and "Hero" differ only in case: on many disks they are the same file. → Rename one of them.',
    ],
  ],
  [
    'folders that differ in case',
    manifest(
      `  team/ann/red: { ${asset} }\n  team/Ann/blue: { ${asset} }\n  team/Ann/green: { ${asset} }\n`,
    ),
    [
      '4:3 name-collision: The folders "team/Ann" and "team/ann" differ only in case: on many disks they are the same folder. → Write both in the same case.',
      '5:3 name-collision: The folders "team/Ann" and "team/ann" differ only in case: on many disks they are the same folder. → Write both in the same case.',
    ],
  ],
  [
    'a name with a dot at its end',
    manifest(`  aux.: { ${asset} }\n`),
    [
      '3:3 name: "aux." is not a valid asset name. → Use letters and digits of any script, - and _, in parts joined by /, none of which starts with -.',
    ],
  ],
  [
    'a name with a space at its end',
    manifest(`  "hero ": { ${asset} }\n`),
    [
      '3:3 name: "hero " is not a valid asset name. → Use letters and digits of any script, - and _, in parts joined by /, none of which starts with -.',
    ],
  ],
  [
    'a name of a device with a raised digit',
    manifest(`  COM¹: { ${asset} }\n`),
    [
      '3:3 name: "COM¹" is a reserved name. → Choose another name: some systems or JavaScript reserve this one.',
    ],
  ],
  [
    'a name of 300 bytes',
    manifest(`  ${'é'.repeat(150)}: { ${asset} }\n`),
    [
      '3:3 name: A part of the name has 300 bytes; disks allow at most 255 including the extension. → Use at most 240 bytes between two slashes: 240 Latin letters, or 80 Chinese ones.',
    ],
  ],
  [
    'a name of 201 letters',
    manifest(`  ${'a'.repeat(100)}/${'b'.repeat(100)}: { ${asset} }\n`),
    ['3:3 name: The name has 201 characters; the limit is 200. → Shorten the name.'],
  ],
  [
    'a name with a space',
    manifest(`  my hero: { ${asset} }\n`),
    [
      '3:3 name: "my hero" is not a valid asset name. → Use letters and digits of any script, - and _, in parts joined by /, none of which starts with -.',
    ],
  ],
  [
    'a name that climbs',
    manifest(`  ../hero: { ${asset} }\n`),
    [
      '3:3 name: "../hero" is not a valid asset name. → Use letters and digits of any script, - and _, in parts joined by /, none of which starts with -.',
    ],
  ],
  [
    'a name with an @',
    manifest(`  hero@2x: { ${asset} }\n`),
    [
      '3:3 name: "hero@2x" is not a valid asset name. → Use letters and digits of any script, - and _, in parts joined by /, none of which starts with -.',
    ],
  ],
  [
    'a name of a device',
    manifest(`  icons/con: { ${asset} }\n`),
    [
      '3:3 name: "icons/con" is a reserved name. → Choose another name: some systems or JavaScript reserve this one.',
    ],
  ],
  [
    '__proto__ as a name',
    manifest(`  __proto__: { ${asset} }\n`),
    [
      '3:3 name: "__proto__" is a reserved name. → Choose another name: JavaScript reserves this one.',
    ],
  ],
  [
    'constructor as a name',
    manifest(`  constructor: { ${asset} }\n`),
    [
      '3:3 name: "constructor" is a reserved name. → Choose another name: some systems or JavaScript reserve this one.',
    ],
  ],
  [
    '__proto__ as a style',
    hero('style: __proto__'),
    [
      '3:47 unknown-style: There is no style "__proto__". → Define it below `styles:`, or run `limn styles` to list the built-in ones.',
    ],
  ],
  [
    'a name in decomposed form',
    manifest(`  cafe\u0301: { ${asset} }\n`),
    [
      '3:3 name: The name "cafe\u0301" is not in Unicode\'s composed form (NFC). → Type the accented letters as single letters.',
    ],
  ],
  [
    'a key twice',
    manifest(`  hero: { ${asset} }\n  hero: { ${asset} }\n`),
    [
      '4:3 duplicate-key: The key "hero" appears twice. → Keep one of them; the other is on line 3.',
    ],
  ],
  [
    'a group twice',
    `version: 1\nassets: {}\nassets: {}\n`,
    [
      '3:1 duplicate-key: The key "assets" appears twice. → Keep one of them; the other is on line 2.',
    ],
  ],
  [
    'tabs',
    'version: 1\nassets:\n\thero:\n\t\tprompt: x\n',
    [
      '3:1 syntax: The line is indented with a tab, but YAML allows only spaces. → Replace each tab with two spaces, here and in the lines below, or set the editor to indent YAML with spaces.',
    ],
  ],
  [
    'a colon in a plain prompt',
    manifest('  hero:\n    prompt: Scene: a hill\n'),
    [
      '4:13 syntax: YAML finds a second key within this value. → Put quotes around text that contains a colon and a space ("Scene: a hill"), and start all keys of a map in the same column.',
    ],
  ],
  [
    'an open bracket',
    manifest('  hero: { prompt: x\n'),
    ['3:9 syntax: A bracket or brace is not closed. → Add the closing ] or }.'],
  ],
  [
    'two documents',
    `${hero('style: a')}---\nversion: 1\n`,
    [
      '4:1 syntax: The file contains several documents: a line of --- or ... starts a new one. → Remove that line, or move what follows to a file of its own.',
    ],
  ],
  [
    'a list as a key',
    manifest(`  ? [a, b]\n  : { ${asset} }\n`),
    [
      '3:5 syntax: Keys must be plain text. → Put quotes around text that begins with {{, for example "{{color}} mug"; otherwise write a name before the colon, for example `hero:`.',
    ],
  ],
  [
    'an alias without its anchor',
    manifest('  hero: { prompt: *lamp, alt: x }\n'),
    [
      '3:19 alias: *lamp refers to an anchor that is not defined before it. → Add &lamp to the value to repeat, or put quotes around the text.',
    ],
  ],
  [
    'an emitted module without a folder of files',
    hero('outputs: [og]', 'emit: src/pictures.ts\n'),
    [
      '2:1 emit: `emit` lists the files in `out`, but the manifest has no `out`. → Add `out`, for example `out: public/images`.',
    ],
  ],
  [
    'an emitted module of another language',
    hero('outputs: [og]', 'out: public/images\nemit: src/pictures.py\n'),
    [
      '3:7 emit: Limn can\'t write pictures to "src/pictures.py". → Use the extension .ts, .mts, .js, .mjs or .json.',
    ],
  ],
  [
    'an emitted module outside the project',
    hero('outputs: [og]', 'out: public/images\nemit: ../pictures.ts\n'),
    [
      '3:7 path: `emit` must be a file inside the project, but "../pictures.ts" is not. → Write it relative to the manifest, for example src/pictures.ts.',
    ],
  ],
  [
    'an emitted module in a folder of Limn',
    hero('outputs: [og]', 'out: public/images\nemit: { file: .limn/a.ts }\n'),
    [
      '3:15 path: `emit` can\'t be ".limn/a.ts": Limn or another tool stores files there. → Choose another folder, for example src/pictures.ts.',
    ],
  ],
  [
    'URLs of a folder that is not known to be served',
    hero('outputs: [og]', 'out: pictures\nemit: pictures.json\n'),
    [
      '3:1 emit: Limn does not know the URL of pictures. → Add it: `emit: { file: …, base: /images }`.',
    ],
  ],
  [
    'imports in JSON',
    hero('outputs: [og]', 'out: public/images\nemit: { file: a.json, as: imports }\n'),
    ['3:27 emit: A JSON file has no imports. → Write `as: urls`, or emit a .ts or .js file.'],
  ],
  [
    'a base of imports',
    hero('outputs: [og]', 'out: art\nemit: { file: a.ts, as: imports, base: /a }\n'),
    ['3:34 emit: `base` has no effect on imports. → Remove it, or write `as: urls`.'],
  ],
  [
    'a base that a srcset cannot contain',
    hero('outputs: [og]', 'out: art\nemit: { file: a.ts, base: "/a b" }\n'),
    [
      '3:27 wrong-value: `base` of emit can\'t be "/a b". → Write a URL without spaces, commas and quotes.',
    ],
  ],
  [
    'an acknowledgement without a reason',
    hero('outputs: [og]', 'policy: { acknowledge: [{ finding: alt }] }\n'),
    ['2:25 missing: `reason` of policy is missing. → Add `reason:`.'],
  ],
  [
    'an acknowledgement with a day that does not exist, of an unknown finding',
    hero(
      'outputs: [og]',
      'policy: { acknowledge: [{ finding: prize, reason: x, until: 2027-13-01 }] }\n',
    ),
    [
      '2:36 wrong-value: `finding` of policy can\'t be "prize". → Write one of model, provider, cost, page-bytes, alt.',
      '2:61 wrong-value: `until` of policy can\'t be "2027-13-01". → Write a day like 2027-01-31.',
    ],
  ],
  [
    'a policy that requires an unknown key, and has a misspelt one',
    hero('outputs: [og]', 'policy: { require: [alts], maxcost: 2 }\n'),
    [
      '2:21 wrong-value: `require` of policy can\'t be "alts". → Did you mean "alt"?',
      '2:28 unknown-key: Unknown key "maxcost" in `policy`. → Did you mean "maxCost"?',
    ],
  ],
  [
    'a judge that sees no pictures',
    hero('outputs: [og]', 'judge: { provider: local }\n'),
    [
      '2:20 judge: The local provider draws pictures, but it does not see any. → Write one of openai, or define a provider below `providers:`.',
    ],
  ],
  [
    'a judge of an unknown provider',
    hero('outputs: [og]', 'judge: { provider: opnai }\n'),
    ['2:20 unknown-provider: There is no provider "opnai". → Did you mean "openai"?'],
  ],
  [
    'a judge without a model at a server with models of its own',
    hero('outputs: [og]', 'providers: { own: { server: localai } }\njudge: { provider: own }\n'),
    [
      '3:1 no-model: "own" has no default model for the judge, and `judge` names none. → Add `model` with a model of the server that sees pictures.',
    ],
  ],
  [
    'a judge with a misspelt key and half a price',
    hero('outputs: [og]', 'judge: { modle: gpt-6-sol, price: { input: 1 } }\n'),
    [
      '2:10 unknown-key: Unknown key "modle" in `judge`. → Did you mean "model"?',
      '2:28 missing: `output` of judge is missing. → Add `output:`.',
    ],
  ],
  [
    'a remote store of another kind',
    hero('outputs: [og]', 'remote: { url: ftp://host/limn }\n'),
    [
      '2:16 remote: The `url` of the remote store starts with ftp:, which Limn does not support. → Write it like s3://bucket/prefix, https://cache.example.com/limn, or as the path of a folder.',
    ],
  ],
  [
    'a remote store with a password',
    hero('outputs: [og]', 'remote: { url: https://me:secret@host/limn }\n'),
    [
      '2:16 remote: The `url` of the remote store contains a user name or a password. → Write it like s3://bucket/prefix, https://cache.example.com/limn, or as the path of a folder.',
    ],
  ],
  [
    'a remote store over plain http',
    hero('outputs: [og]', 'remote: { url: http://cache.example.com }\n'),
    [
      '2:16 remote: Prompts, pictures and credentials would be sent over plain http. → Use https:// instead; http is only for servers on this machine or network.',
    ],
  ],
  [
    'an endpoint of a folder',
    hero('outputs: [og]', 'remote: { url: ../cache, endpoint: https://r2.example.com }\n'),
    [
      '2:26 remote: `endpoint` is only for a store whose `url` starts with s3://. → Remove `endpoint`.',
    ],
  ],
  [
    'an endpoint that is no web server',
    hero('outputs: [og]', 'remote: { url: s3://bucket, endpoint: ftp://r2.example.com }\n'),
    [
      '2:39 remote: The `endpoint` of the remote store starts with ftp:, which Limn does not support. → Write it like https://ACCOUNT.r2.cloudflarestorage.com.',
    ],
  ],
  [
    'an out folder that climbs',
    hero('outputs: [og]', 'out: ../public\n'),
    [
      '2:6 path: `out` must be a folder inside the project, but "../public" is not. → Write it relative to the manifest, for example public/images.',
    ],
  ],
  [
    'an absolute out folder',
    hero('outputs: [og]', 'out: C:\\public\n'),
    [
      '2:6 path: `out` must be a folder inside the project, but "C:/public" is not. → Write it relative to the manifest, for example public/images.',
    ],
  ],
  [
    'the masters’ folder as out',
    hero('outputs: [og]', 'out: ./images/\n'),
    [
      '2:6 path: `out` can\'t be "images": Limn or another tool stores files there. → Choose another folder, for example public/images.',
    ],
  ],
  [
    'an illegal size',
    hero('size: 1000x1000', 'provider: openai\n'),
    [
      "4:46 size: gpt-image-2.5-flare can't generate 1000x1000: it requires both edges to be multiples of 16. → Write 1008x1008, or remove `size` to get the smallest size that covers every output.",
    ],
  ],
  [
    'a quality that the model lacks',
    hero('quality: max, model: gpt-image-2', 'provider: openai\n'),
    [
      '4:49 quality: gpt-image-2 has no quality "max". → Write one of low, medium, high, auto. gpt-image-2.5-flare has it.',
    ],
  ],
  [
    'a ground that the model can’t draw',
    hero('background: transparent', 'provider: openai\ndefaults: { model: gpt-image-2 }\n'),
    [
      '5:52 background: gpt-image-2 does not support a transparent background. → Use a model that supports it, for example gpt-image-2.5-flare, or remove the setting.',
    ],
  ],
  [
    'a transparent JPEG',
    hero('background: transparent, format: jpeg', 'provider: openai\n'),
    [
      "4:73 format: A JPEG can't have a transparent background. → Write `format: png` or `format: webp`.",
    ],
  ],
  [
    'a preset’s name with a slash',
    hero('outputs: [a/b]', 'presets: { a/b: { width: 8 } }\n'),
    ['2:12 name: "a/b" is not a valid preset name. → Use letters, digits, - and _.'],
  ],
  [
    'a style that extends itself',
    hero('style: a', 'styles: { a: { extends: a } }\n'),
    ['2:25 style-circle: The style "a" extends itself. → Remove one of the names from `extends`.'],
  ],
  [
    'a circle of styles',
    hero('style: a', 'styles: { a: { extends: b }, b: { extends: [c] }, c: { extends: a } }\n'),
    [
      '2:25 style-circle: The style "a" extends itself: a → b → c → a. → Remove one of the names from `extends`.',
    ],
  ],
  [
    'a style that extends none',
    hero('style: a', 'styles: { a: { extends: [vectr, wat] } }\n'),
    [
      '2:26 unknown-style: There is no style "vectr". → Did you mean "vector"?',
      '2:33 unknown-style: There is no style "wat". → Define it below `styles:`, or run `limn styles` to list the built-in ones.',
    ],
  ],
  [
    'an unknown style in a list',
    hero('style: [watercolor, brnd]', 'styles: { brand: { append: Warm } }\n'),
    ['4:60 unknown-style: There is no style "brnd". → Did you mean "brand"?'],
  ],
  [
    'an empty list of styles',
    hero('style: []'),
    ['3:40 out-of-range: `style` of "hero" is empty. → Add an entry, or remove the key.'],
  ],
  [
    'a style that is a map',
    hero('style: { append: Warm }'),
    [
      '3:40 wrong-type: `style` of "hero" must be a style\'s name or a list of names, not a map. → Write `style: brand` or `style: [brand, watercolor]`.',
    ],
  ],
  [
    'a misspelt key of a style',
    hero('style: a', 'styles: { a: { avoids: text } }\n'),
    ['2:16 unknown-key: Unknown key "avoids" in the style "a". → Did you mean "avoid"?'],
  ],
  [
    'an unknown name in a template',
    manifest('  hero: { prompt: "A {{colour}} mug", alt: x, vars: { color: red } }\n'),
    ['3:19 unknown-variable: {{colour}} is not defined. → Did you mean "color"?'],
  ],
  [
    'a template without any variables',
    manifest('  hero: { prompt: "A {{color}} mug", alt: x }\n'),
    [
      '3:19 unknown-variable: {{color}} is not defined. → Define `color` in `vars` or `matrix`, or use one of these: name.',
    ],
  ],
  [
    'an unknown name in a style that is used',
    hero('style: a', 'styles: { a: { append: "In {{season}}" } }\n'),
    [
      '2:24 unknown-variable: {{season}} is not defined. → Define `season` in `vars` or `matrix`, or use one of these: name.',
    ],
  ],
  [
    'a template without quotes',
    manifest('  hero:\n    prompt: {{color}} mug\n    alt: x\n'),
    [
      '4:14 syntax: Keys must be plain text. → Put quotes around text that begins with {{, for example "{{color}} mug"; otherwise write a name before the colon, for example `hero:`.',
    ],
  ],
  [
    'a template alone without quotes',
    manifest('  hero:\n    prompt: {{color}}\n    alt: x\n'),
    [
      '4:14 syntax: Keys must be plain text. → Put quotes around text that begins with {{, for example "{{color}} mug"; otherwise write a name before the colon, for example `hero:`.',
    ],
  ],
  [
    'a variable that is a map',
    hero('vars: { color: { a: b } }'),
    [
      '3:48 wrong-type: `color` of "hero" must be text, a number or a list of them, not a map. → Write one value, for example `color: red`, or a list, for example `color: [red, blue]`.',
    ],
  ],
  [
    'a variable of nothing',
    hero('vars: { color: }'),
    [
      '3:55 wrong-type: `color` of "hero" is empty: it must be text, a number or a list of them. → Write a value after the colon, or remove the key.',
    ],
  ],
  [
    'a variable named style that is a map',
    hero('vars: { style: { a: b } }'),
    [
      '3:48 wrong-type: `style` of "hero" must be text, a number or a list of them, not a map. → Write one value, for example `color: red`, or a list, for example `color: [red, blue]`.',
    ],
  ],
  [
    'a matrix whose pictures collide',
    manifest('  mug: { prompt: "{{c}}", alt: x, matrix: { c: [Red, red] } }\n'),
    [
      '3:3 name-collision: "mug/red" and "mug/Red" differ only in case: on many disks they are the same file. → Rename one of them.',
    ],
  ],
  [
    'a matrix whose values make one name',
    manifest('  mug: { prompt: "{{c}}", alt: x, matrix: { c: [dark blue, dark-blue] } }\n'),
    [
      '3:3 name-collision: Two entries define a picture named "mug/dark-blue". → Rename one of them, or leave the combination out with `exclude`.',
    ],
  ],
  [
    'a matrix that meets another asset',
    manifest(
      '  mug: { prompt: "{{c}}", alt: x, matrix: { c: [red] } }\n  mug/red: { prompt: x, alt: x }\n',
    ),
    [
      '4:3 name-collision: Two entries define a picture named "mug/red". → Rename one of them, or leave the combination out with `exclude`.',
    ],
  ],
  [
    'a matrix value without letters',
    manifest('  mug: { prompt: "{{c}}", alt: x, matrix: { c: ["!", red] } }\n'),
    [
      '3:3 name: "mug/" is not a valid asset name. → Give each value of the matrix a letter or digit: the value becomes part of the name.',
    ],
  ],
  [
    'a matrix whose entry has a wrong name',
    manifest('  "mug/{}": { prompt: "{{c}}", alt: x, matrix: { c: [red, blue, teal] } }\n'),
    [
      '3:3 name: "mug/{}/red" is not a valid asset name. 2 more pictures have the same mistake. → Use letters and digits…',
    ],
  ],
  [
    'a matrix of pictures that collide with one another',
    manifest(
      '  mug: { prompt: "{{c}}", alt: x, matrix: { c: [Red, red, Blue, blue, Teal, teal] } }\n',
    ),
    [
      '3:3 name-collision: "mug/red" and "mug/Red" differ only in case: on many disks they are the same file. 2 more pictures have the same mistake. → Rename one of them.',
    ],
  ],
  [
    'two unknown variables in one prompt',
    manifest('  mug: { prompt: "{{ink}} on {{paper}}", alt: x, matrix: { c: [red, blue] } }\n'),
    [
      '3:18 unknown-variable: {{ink}} is not defined. → Define `ink` in…',
      '3:18 unknown-variable: {{paper}} is not defined. → Define `paper` in…',
    ],
  ],
  [
    'a matrix of an empty list',
    manifest('  mug: { prompt: "{{c}}", alt: x, matrix: { c: [] } }\n'),
    ['3:45 out-of-range: `c` of "mug" is empty. → Add an entry, or remove the key.'],
  ],
  [
    'a matrix of text',
    manifest('  mug: { prompt: "{{c}}", alt: x, matrix: { c: red } }\n'),
    [
      '3:48 wrong-type: `c` of "mug" must be a list, not text. → Write a list, for example `c: ["red"]`.',
    ],
  ],
  [
    'a prompt and a source',
    hero('source: a.png'),
    [
      '3:40 prompt-and-source: "hero" has both a prompt and a source. → Keep the prompt to generate the picture, or the source to derive outputs from that file.',
    ],
  ],
  [
    'a source that climbs',
    manifest('  logo: { source: ../logo.png, alt: x }\n'),
    [
      '3:19 path: The source must be inside the project, but "../logo.png" is not. → Copy the file into the project, and write its path relative to the manifest.',
    ],
  ],
  [
    'an absolute source',
    manifest('  logo: { source: /etc/logo.png, alt: x }\n'),
    [
      '3:19 path: The source must be inside the project, but "/etc/logo.png" is not. → Copy the file into the project, and write its path relative to the manifest.',
    ],
  ],
  [
    'a source of a Windows drive',
    manifest('  logo: { source: "C:\\\\logo.png", alt: x }\n'),
    [
      '3:19 path: The source must be inside the project, but "C:/logo.png" is not. → Copy the file into the project, and write its path relative to the manifest.',
    ],
  ],
  [
    'an empty source',
    manifest('  logo: { source: "", alt: x }\n'),
    ['3:19 out-of-range: `source` of "logo" is empty. → Write a value, or remove the key.'],
  ],
  [
    'out as a list',
    hero('outputs: [og]', 'out: [public]\n'),
    [
      '2:1 wrong-type: `out` must be text, not a list. → Write a single text, as `out: …`, in quotes if it begins with { or [.',
    ],
  ],
  [
    'out as the project itself',
    hero('outputs: [og]', 'out: .\n'),
    [
      '2:6 path: `out` must be a folder inside the project, but "." is not. → Write it relative to the manifest, for example public/images.',
    ],
  ],
  ...['./', './/', './.', '/./', 'a/..', 'a/../', './a/../..', '.\\\\.'].map(
    (out): [string, string, string[]] => [
      `out as ${out}`,
      hero('outputs: [og]', `out: "${out}"\n`),
      [
        '2:6 path: `out` must be a folder inside the project, but "…" is not. → Write it relative to the manifest, for example public/images.',
      ],
    ],
  ),
  ...['images/./x', './/images', '.Limn/x', 'node_modules/', '.git/.'].map(
    (out): [string, string, string[]] => [
      `out as ${out}`,
      hero('outputs: [og]', `out: "${out}"\n`),
      ['2:6 path: `out` … → …'],
    ],
  ),
  [
    'out in .git',
    hero('outputs: [og]', 'out: .git/hooks\n'),
    [
      '2:6 path: `out` can\'t be ".git/hooks": Limn or another tool stores files there. → Choose another folder, for example public/images.',
    ],
  ],
  [
    'a preset’s misspelt key',
    hero('outputs: [a]', 'presets: { a: { widht: 8 } }\n'),
    ['2:17 unknown-key: Unknown key "widht" in the preset "a". → Did you mean "width"?'],
  ],
  [
    'a preset without a map',
    hero('outputs: [a]', 'presets: { a: 640 }\n'),
    [
      '2:15 wrong-type: The preset "a" must be a map, not a number. → Write its keys below it, indented by two more spaces.',
    ],
  ],
  [
    'a width in px',
    hero('outputs: [{ width: 640px }]'),
    [
      '3:59 wrong-type: `width` of "hero" must be a number, not text. → Write a number without a unit, for example `width: 640`.',
    ],
  ],
  [
    'half a pixel',
    hero('outputs: [{ width: 640.5 }]'),
    [
      '3:59 wrong-type: `width` of "hero" must be a whole number, not 640.5. → Write a whole number without a unit, for example `width: 641`.',
    ],
  ],
  [
    'a width beyond all limits',
    hero('outputs: [{ width: 20000 }]'),
    ['3:59 out-of-range: `width` of "hero" must be at most 16384.'],
  ],
  [
    'no widths',
    hero('outputs: [{ widths: [] }]'),
    ['3:52 out-of-range: `widths` of "hero" is empty. → Add an entry, or remove the key.'],
  ],
  [
    'padding above its limit',
    hero('outputs: [{ width: 8, padding: 0.9 }]'),
    ['3:71 out-of-range: `padding` of "hero" must be at most 0.45.'],
  ],
  [
    'an output’s name with a slash',
    hero('outputs: [{ name: a/b, width: 8 }]'),
    ['3:58 wrong-value: `name` of "hero" can\'t be "a/b". → Use letters, digits, - and _.'],
  ],
  [
    'a name for an output that climbs',
    hero('outputs: [{ name: "..", width: 8 }]'),
    ['3:58 wrong-value: `name` of "hero" can\'t be "..". → Use letters, digits, - and _.'],
  ],
  [
    'an output with the name of a device',
    hero('outputs: [{ name: con, width: 8 }]'),
    [
      '3:40 name: "con" is a reserved name. → Choose another name for the output: some systems or JavaScript reserve this one.',
    ],
  ],
  [
    'a matrix of too many pictures',
    manifest(
      `  mug: { prompt: x, alt: x, matrix: { a: [${'0,'.repeat(101)}], b: [${'0,'.repeat(101)}] } }\n`,
    ),
    [
      '3:29 matrix: The matrix of "mug" defines 10,201 pictures; the limit is 10,000. → Remove values from its lists, or split it into several assets.',
    ],
  ],
  [
    'half a character in a prompt',
    manifest('  hero: { prompt: "\\uD83D hill", alt: x }\n'),
    [
      '3:19 prompt: The prompt of "hero" contains half a character or a NUL, which no model can read. → Remove its escape sequence (\\u… or \\0).',
    ],
  ],
  [
    'lists that lie too deep',
    `version: 1\nassets: ${'['.repeat(2000)}`,
    [
      '2:1009 syntax: Maps and lists are nested too deeply. → Flatten them: a manifest needs at most seven levels.',
    ],
  ],
  [
    'too many aliases',
    manifest(
      `  a: &a { ${asset} }\n${Array.from({ length: 1001 }, (_, i) => `  a${i}: *a\n`).join('')}`,
    ),
    [
      '1:1 alias: The file has 1,001 aliases (*name); the limit is 1,000. → Write values out, or move what they share to `defaults`, `styles` and `presets`.',
    ],
  ],
  [
    'a fit that is none',
    hero('outputs: [{ width: 8, fit: crop }]'),
    ['3:67 wrong-value: `fit` of "hero" can\'t be "crop". → Write one of cover, contain, inside.'],
  ],
  [
    'a position that is none',
    hero('outputs: [{ width: 8, position: center }]'),
    ['3:72 wrong-value: `position` of "hero" can\'t be "center". → Did you mean "centre"?'],
  ],
  [
    'defaults that no asset can go by, once each',
    manifest(
      `  a: { ${asset} 1 }\n  b: { ${asset} 2 }\n  c: { ${asset} 3 }\n`,
      'provider: openai\ndefaults: { model: gpt-image-2, quality: hgih, size: 1000x1000, background: transparent }\n',
    ),
    [
      '3:42 quality: gpt-image-2 has no quality "hgih". → Did you mean "high"?',
      "3:54 size: gpt-image-2 can't generate 1000x1000: it requires both edges to be multiples of 16. → Write 1008x1008, or remove `size` to get the smallest size that covers every output.",
      '3:77 background: gpt-image-2 does not support a transparent background. → Use a model that supports it, for example gpt-image-2.5-flare, or remove the setting.',
    ],
  ],
  [
    'outputs in the defaults that would write one file',
    manifest(
      `  a: { ${asset} 1 }\n  b: { ${asset} 2 }\n`,
      'defaults: { outputs: [og, { preset: og, quality: 50 }] }\n',
    ),
    [
      '2:13 output-collision: Two outputs of `defaults` would both write og.jpg. → Remove one of them, or give it a `name` of its own.',
    ],
  ],
  [
    'an SVG in the defaults',
    manifest(
      `  a: { ${asset} 1 }\n  b: { ${asset} 2 }\n`,
      'defaults: { outputs: [{ width: 8, formats: [svg] }] }\n',
    ),
    [
      '2:13 format: An output of `defaults` is SVG, but a picture that uses it is made of pixels. → Write `format: svg` with a model that generates it, derive the output from an SVG with `source`, or remove svg from its formats.',
    ],
  ],
  [
    'outputs in the defaults that are unknown',
    hero('style: vector', 'defaults: { outputs: [ogg] }\n'),
    ['2:23 unknown-preset: There is no preset "ogg". → Did you mean "og"?'],
  ],
  [
    'an unknown key in the defaults',
    hero('style: vector', 'defaults: { qualty: low }\n'),
    ['2:13 unknown-key: Unknown key "qualty" in `defaults`. → Did you mean "quality"?'],
  ],
  [
    'an unknown key in a profile',
    hero('style: vector', 'profiles: { draft: { size: 64x64 } }\n'),
    ['2:22 unknown-key: Unknown key "size" in the profile "draft". → Known keys: model, quality.'],
  ],
  [
    'a profile without a map',
    hero('style: vector', 'profiles: { draft: low }\n'),
    [
      '2:20 wrong-type: The profile "draft" must be a map, not text. → Write its keys below it, indented by two more spaces.',
    ],
  ],
  [
    'a profile’s quality that is a number',
    hero('style: vector', 'profiles: { draft: { quality: 5 } }\n'),
    [
      '2:31 wrong-type: `quality` of "draft" must be text, not a number. → Put quotes around it to make it text.',
    ],
  ],
  [
    'an edge beyond the model',
    hero('size: 4096x1024', 'provider: openai\n'),
    [
      "4:46 size: gpt-image-2.5-flare can't generate 4096x1024: it supports at most 3840 px per edge. → Write 3840x1280, or remove `size` to get the smallest size that covers every output.",
    ],
  ],
  [
    'a shape that is too long',
    hero('size: 3840x640', 'provider: openai\n'),
    [
      "4:46 size: gpt-image-2.5-flare can't generate 3840x640: it supports aspect ratios of at most 3:1. → Write 3840x1280, or remove `size` to get the smallest size that covers every output.",
    ],
  ],
  [
    'too few pixels',
    hero('size: 256x256', 'provider: openai\n'),
    [
      "4:46 size: gpt-image-2.5-flare can't generate 256x256: it requires at least 655,360 px in total, not 65,536. → Write 816x816, or remove `size` to get the smallest size that covers every output.",
    ],
  ],
  [
    'a size an older model does not have',
    hero('size: 2048x2048, model: gpt-image-1-mini', 'provider: openai\n'),
    [
      "4:46 size: gpt-image-1-mini can't generate 2048x2048: it supports only 1024x1024, 1024x1536, 1536x1024. → Write 1024x1024, or remove `size` to get the smallest size that covers every output. gpt-image-2.5-flare generates it.",
    ],
  ],
  [
    'a prompt over the limit',
    manifest('  hero: { prompt: "' + 'x'.repeat(32_001) + '", alt: x }\n'),
    [
      '3:19 prompt: The prompt of "hero" has 32,001 characters including its style; limn-local-2 accepts 32,000. → Shorten it to at most 32,000 characters.',
    ],
  ],
  [
    'a name that is too long',
    manifest('  ' + 'a'.repeat(201) + ': { prompt: x, alt: x }\n'),
    ['3:3 name: The name has 201 characters; the limit is 200. → Shorten the name.'],
  ],
  [
    'a name of dots',
    manifest('  .hidden: { prompt: x, alt: x }\n'),
    [
      '3:3 name: ".hidden" is not a valid asset name. → Use letters and digits of any script, - and _, in parts joined by /, none of which starts with -.',
    ],
  ],
  [
    'a name that ends in a slash',
    manifest('  hero/: { prompt: x, alt: x }\n'),
    [
      '3:3 name: "hero/" is not a valid asset name. → Use letters and digits of any script, - and _, in parts joined by /, none of which starts with -.',
    ],
  ],
  [
    'an empty name',
    manifest('  "": { prompt: x, alt: x }\n'),
    [
      '3:3 name: "" is not a valid asset name. → Use letters and digits of any script, - and _, in parts joined by /, none of which starts with -.',
    ],
  ],
  [
    'NUL as a name',
    manifest('  NUL: { prompt: x, alt: x }\n'),
    [
      '3:3 name: "NUL" is a reserved name. → Choose another name: some systems or JavaScript reserve this one.',
    ],
  ],
  [
    'provenance as a boolean',
    hero('style: vector', 'provenance: true\n'),
    ["2:13 wrong-value: `provenance` can't be true. → Write one of on, off."],
  ],
  [
    'an include that climbs',
    hero('style: vector', 'include: ../x.yaml\n'),
    [
      '2:10 wrong-type: `include` must be a list, not text. → Write a list, for example `include: ["../x.yaml"]`.',
    ],
  ],
  [
    'a full-width colon',
    manifest('  hero:\n    prompt: A hill\n    alt：A hill\n'),
    [
      '5:8 full-width: `：` is a full-width colon, which YAML reads as a letter. → Type a colon and a space: `alt: A hill`.',
    ],
  ],
  [
    'full-width colons everywhere',
    'version：1\nassets：\n  hero：\n    prompt：一座灯塔\n    alt：灯塔\n',
    [
      '1:8 full-width: `：` is a full-width colon, which YAML reads as a letter. → Type a colon and a space: `version: 1`.',
      '2:7 full-width: `：` is a full-width colon, which YAML reads as a letter. → Type a colon and a space: `assets:`.',
      '3:7 full-width: `：` is a full-width colon, which YAML reads as a letter. → Type a colon and a space: `hero:`.',
      '4:11 full-width: `：` is a full-width colon, which YAML reads as a letter. → Type a colon and a space: `prompt: 一座灯塔`.',
      '5:8 full-width: `：` is a full-width colon, which YAML reads as a letter. → Type a colon and a space: `alt: 灯塔`.',
    ],
  ],
  [
    'a full-width colon in braces',
    manifest('  hero: { prompt：A hill, alt: x }\n'),
    [
      '3:17 full-width: `：` is a full-width colon, which YAML reads as a letter. → Type a colon and a space: `hero: { prompt: A hill, alt: x }`.',
    ],
  ],
  [
    'full-width commas in a list',
    hero('outputs: [og，card、hero]'),
    [
      '3:52 full-width: `，` is a full-width comma, which YAML reads as a letter. → Type a comma and a space: `hero: { prompt: A hill, alt: A hill, outputs: [og, card, hero] }`, or put quotes around text that contains the comma.',
    ],
  ],
  [
    'a full-width comma between keys',
    manifest('  hero: { prompt: A hill，alt: x }\n'),
    [
      '3:25 full-width: `，` is a full-width comma, which YAML reads as a letter. → Type a comma and a space: `hero: { prompt: A hill, alt: x }`, or put quotes around text that contains the comma.',
    ],
  ],
  [
    'full-width quotes',
    hero('style: “brand”', 'styles: { brand: { append: Warm } }\n'),
    [
      '4:47 full-width: “ ” are full-width quotes, which YAML reads as letters. → Type straight quotes: `hero: { prompt: A hill, alt: A hill, style: "brand" }`.',
    ],
  ],
  [
    'corner brackets as quotes',
    hero('style: 「水彩」'),
    [
      '3:47 full-width: 「 」 are full-width quotes, which YAML reads as letters. → Type straight quotes: `hero: { prompt: A hill, alt: A hill, style: "水彩" }`.',
    ],
  ],
  [
    'full-width quotes that a comma tears apart',
    manifest('  hero: { prompt: “A hill, blue”, alt: x }\n'),
    [
      '3:19 full-width: “ ” are full-width quotes, which YAML reads as letters. → Type straight quotes: `hero: { prompt: "A hill, blue", alt: x }`.',
    ],
  ],
  [
    'full-width brackets',
    manifest('  hero:\n    prompt: x\n    alt: x\n    outputs: ［og，card］\n'),
    [
      '6:14 full-width: `［` is a full-width bracket, which YAML reads as a letter. → Type ASCII brackets: `outputs: [og, card]`.',
      '6:17 full-width: `，` is a full-width comma, which YAML reads as a letter. → Type a comma and a space: `outputs: [og, card]`, or put quotes around text that contains the comma.',
    ],
  ],
  [
    'full-width spaces as indentation',
    manifest('  hero:\n　　prompt: x\n　　alt: x\n'),
    [
      '4:1 full-width: The line is indented with a full-width space, which YAML reads as a letter. → Indent with ordinary spaces, two per level.',
      '5:1 full-width: The line is indented with a full-width space, which YAML reads as a letter. → Indent with ordinary spaces, two per level.',
    ],
  ],
  [
    'a no-break space as indentation',
    manifest('\u00a0\u00a0hero: { prompt: x, alt: x }\n'),
    [
      '3:1 full-width: The line is indented with a no-break space, which YAML reads as a letter. → Indent with ordinary spaces, two per level.',
    ],
  ],
  [
    'no space after a colon',
    manifest('  hero:\n    prompt:A hill\n    alt: x\n'),
    [
      '4:5 syntax: YAML reads these lines as one long key. → Put a colon and a space after each key (`alt: A hill`), and start all keys of a map in the same column.',
    ],
  ],
  [
    'a key without its colon',
    manifest('  hero:\n    prompt: x\n    alt\n'),
    [
      '5:5 syntax: This key has no colon. → Write a colon and a space after it, then its value, for example `alt: A hill`.',
    ],
  ],
  [
    'a key twice in one asset',
    manifest('  hero: { prompt: x, alt: x, prompt: y }\n'),
    [
      '3:30 duplicate-key: The key "prompt" appears twice. → Keep one of them; the other is on line 3.',
    ],
  ],
  [
    'a quote that never ends',
    manifest('  hero:\n    prompt: "A hill\n    alt: x\n'),
    [
      '4:13 syntax: A quoted text has no closing quote. → Add the closing quote, or put the whole text in the other kind of quotes.',
    ],
  ],
  [
    'a value that begins with @',
    manifest('  hero: { prompt: x, alt: @home }\n'),
    [
      '3:27 syntax: YAML reserves this character at the start of a value. → Put quotes around the text.',
    ],
  ],
  [
    'a star in front of text',
    manifest('  hero:\n    prompt: **bold** hill\n    alt: x\n'),
    [
      '4:22 syntax: More text follows the end of the value. → Put quotes around the whole text, or remove what follows.',
    ],
  ],
  [
    'a Windows path in double quotes',
    manifest('  logo: { source: "art\\logo.png", alt: x }\n'),
    [
      '3:23 syntax: In double quotes a backslash starts an escape sequence, and this one is unknown. → Write \\\\ for a backslash, or use single quotes.',
    ],
  ],
  [
    'keys in different columns',
    manifest('  hero:\n    prompt: x\n   alt: x\n'),
    [
      '5:4 syntax: This line starts in a different column than the other keys of its map. → Start all keys of a map in the same column.',
    ],
  ],
  [
    'a key further in than the others',
    manifest('  hero:\n    prompt: x\n     alt: x\n'),
    [
      '4:13 syntax: YAML finds a second key within this value. → Put quotes around text that contains a colon and a space ("Scene: a hill"), and start all keys of a map in the same column.',
    ],
  ],
  [
    'text after a quote',
    manifest('  hero:\n    prompt: "A" hill\n    alt: x\n'),
    [
      '4:17 syntax: More text follows the end of the value. → Put quotes around the whole text, or remove what follows.',
    ],
  ],
  [
    'a brace too many',
    manifest('  hero: { prompt: x, alt: x }}\n'),
    [
      '3:30 syntax: A closing bracket or brace has no opening one. → Remove it, or add the opening [ or {.',
    ],
  ],
  [
    'a comma too many',
    manifest('  hero: { prompt: x,, alt: x }\n'),
    ['3:21 syntax: YAML expects an entry here, not a comma. → Remove one of the commas.'],
  ],
  [
    'merging what is no map',
    manifest('  hero: { <<: 5, prompt: x, alt: x }\n'),
    [
      '3:11 merge: `<<` merges maps, but this value is not a map. → Write the alias of a map, for example `<<: *base`.',
    ],
  ],
  [
    'an alias of itself',
    manifest('  hero: &a { prompt: x, alt: x, vars: { b: *a } }\n'),
    [
      '3:44 alias: *a is inside the value that it repeats. → Write the value out there, or remove the alias.',
    ],
  ],
  [
    'an end of document and more',
    hero('style: vector') + '...\nfoo: 1\n',
    [
      '5:1 syntax: The file contains several documents: a line of --- or ... starts a new one. → Remove that line, or move what follows to a file of its own.',
    ],
  ],
  [
    'a byte order mark and CRLF',
    ('\ufeff' + hero('style: brnad')).replaceAll('\n', '\r\n'),
    [
      '3:47 unknown-style: There is no style "brnad". → Define it below `styles:`, or run `limn styles` to list the built-in ones.',
    ],
  ],
  [
    'a conflict of a merge',
    'version: 1\n<<<<<<< ours\nprovider: local\n=======\nprovider: openai\n>>>>>>> theirs\nassets: {}\n',
    [
      '2:1 syntax: The file contains merge conflict markers. → Keep one of the two sides, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>.',
    ],
  ],
  [
    'JSON with a comma at its end',
    '{ "version": 1, "assets": { "hero": { "prompt": 5, "alt": "x", } } }',
    [
      '1:49 wrong-type: `prompt` of "hero" must be text, not a number. → Put quotes around it to make it text.',
    ],
  ],
  [
    'a variation and an edit',
    hero('edit: { image: ./a.png }, variation: { image: ./b.png }'),
    ['3:66 edit-and-variation: "hero" is both an edit and a variation. → Keep one of them.'],
  ],
  [
    'a reference that is no asset',
    hero('references: [heros]'),
    ['3:40 unknown-asset: There is no asset "heros". → Did you mean "hero"?'],
  ],
  [
    'an edit of itself',
    hero('edit: { image: hero }'),
    [
      '3:3 circle: "hero" depends on itself: hero → hero. → Remove one of the pictures from the cycle.',
    ],
  ],
  [
    'references that are text',
    hero('references: a.png'),
    [
      '3:52 wrong-type: `references` of "hero" must be a list, not text. → Write a list, for example `references: ["a.png"]`.',
    ],
  ],
  [
    'an edit that is text',
    hero('edit: a.png'),
    [
      '3:46 wrong-type: `edit` of "hero" must be a map, not text. → Write `edit: { image: a.png }`.',
    ],
  ],
  [
    'a misspelt key of an edit',
    hero('edit: { imge: ./a.png }'),
    ['3:48 unknown-key: Unknown key "imge" in `edit` of "hero". → Did you mean "image"?'],
  ],
]

test.each(table)('reports %s', (_, text, reported) => {
  const { diagnostics } = resolveText(text)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const formatted = errors.map(
    ({ code, place, message, hint }) =>
      `${place.line}:${place.column} ${code.replace('manifest/', '')}: ${message}${hint === undefined ? '' : ` → ${hint}`}`,
  )
  expect(formatted).toHaveLength(reported.length)
  for (const [index, expected] of reported.entries()) {
    const pattern = expected
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')
    expect(formatted[index]).toMatch(new RegExp(`^${pattern}$`))
  }
  for (const diagnostic of errors) {
    expect(diagnostic.frame).toContain('^')
    expect(formatDiagnostic(diagnostic).startsWith(formatPlace(diagnostic.place))).toBe(true)
  }
})

const cut = 'outputs: [og]'

/** A manifest that is legal but hardly intended, and its warnings. */
const doubtful: [name: string, text: string, warnings: string[]][] = [
  [
    'a model it does not know',
    hero(`${cut}, model: gpt-image-3`, 'provider: openai\n'),
    [
      '4:62 unknown-model: Limn does not know the model "gpt-image-3": it can\'t check its capabilities or its price. → Did you mean "gpt-image-2"?',
    ],
  ],
  [
    'a model that retires',
    hero(`${cut}, model: gpt-image-1.5`, 'provider: openai\n'),
    [
      "4:62 retired-model: OpenAI's shutdown date for gpt-image-1.5 is 2026-12-01. → Use gpt-image-2.6-sunburst instead; existing pictures stay as they are.",
    ],
  ],
  [
    'a picture without alt',
    manifest(`  hero: { prompt: A hill, ${cut} }\n`),
    [
      '3:3 no-alt: "hero" has no `alt`. → Describe what the picture shows, or write `decorative: true`.',
    ],
  ],
  [
    'an alt of what is decorative',
    hero(`${cut}, decorative: true`),
    ['3:32 alt: "hero" is decorative but has an `alt`. → Keep one of the two.'],
  ],
  [
    'a picture without outputs',
    manifest(`  hero: { ${asset} }\n`),
    [
      '3:3 no-outputs: "hero" has no outputs, so Limn derives the whole picture as `full`. → Name the sizes that you need, for example `outputs: [card]`, or set `defaults.outputs` for all pictures.',
    ],
  ],
  [
    'two pictures of one request',
    manifest(`  b: { ${asset}, ${cut} }\n  a: { ${asset}, ${cut} }\n`),
    [
      '3:3 same-request: "b" and "a" make the same request: the picture is generated twice. → Change the prompt of one, or keep one asset and give it the outputs of both.',
    ],
  ],
  [
    'a matrix whose values are nowhere named',
    manifest(`  mug: { ${asset}, ${cut}, matrix: { color: [red, blue] } }\n`),
    [
      '3:3 same-request: "mug/red" and "mug/blue" make the same request: the picture is generated twice. → Use the values in the prompt, for example {{color}}.',
    ],
  ],
  [
    'a prompt in full-width quotes',
    manifest(`  hero: { prompt: “一座灯塔”, alt: A hill, ${cut} }\n`),
    [
      '3:19 full-width: The quotes “ ” are part of the prompt of "hero". → Use straight quotes, or none.',
    ],
  ],
]

test.each(doubtful)('warns about %s, and resolves the manifest', (_, text, warnings) => {
  const { manifest: resolved, diagnostics } = resolveText(text)
  expect(resolved!.assets.length).toBeGreaterThan(0)
  expect(
    diagnostics.map(
      ({ severity, code, place, message, hint }) =>
        `${severity} ${place.line}:${place.column} ${code.replace('manifest/', '')}: ${message} → ${hint}`,
    ),
  ).toEqual(warnings.map((text) => `warning ${text}`))
  expect(resolved!.warnings).toHaveLength(diagnostics.length)
})

test.each([
  [
    'defaults name the outputs',
    manifest(`  hero: { ${asset} }\n`, 'defaults: { outputs: [og] }\n'),
  ],
  [
    'a picture only goes into another one',
    manifest(
      `  plain: { ${asset} }\n  night: { prompt: The same at night, alt: x, ${cut}, edit: { image: plain } }\n`,
    ),
  ],
  [
    'styles, presets and profiles lie unused',
    hero(
      cut,
      'styles: { a: { append: x } }\npresets: { b: { width: 8 } }\nprofiles: { c: { quality: low } }\n',
    ),
  ],
  [
    'prompt and alt hold full-width punctuation',
    manifest(
      `  hero:\n    prompt: |\n      　　春天：花，“开”\n    alt: 注意：「光」，影\n    outputs: [og]\n`,
    ),
  ],
  [
    'a text in quotes begins with full-width punctuation',
    manifest(`  hero: { prompt: "“春”：花", alt: “春”, ${cut}, vars: { a: ["红，绿"] } }\n`),
  ],
])('reports nothing when %s', (_, text) => {
  expect(resolveText(text).diagnostics).toEqual([])
})

test('reports no warnings when there are errors', () => {
  expect(
    resolveText(
      manifest('  hero: { prompt: A hill, alt: A hill, outptus: [og] }\n'),
    ).diagnostics.map(({ code }) => code),
  ).toEqual(['manifest/unknown-key'])
})

test('reports many mistakes at once, in the order of the file', () => {
  const text = `version: 3
provider: opnai
styles:
  brand: { apend: Warm }
assets:
  a: { prompt: 1, style: brnad }
  b: { alt: x, outputs: [nope, { widht: 8 }] }
  B: { prompt: x, alt: x, quality: 5 }
`
  expect(
    resolveText(text)
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ place, code }) => `${place.line}:${place.column} ${code}`),
  ).toEqual([
    '1:10 manifest/wrong-value',
    '2:11 manifest/unknown-provider',
    '4:12 manifest/unknown-key',
    '6:16 manifest/wrong-type',
    '6:26 manifest/unknown-style',
    '7:3 manifest/missing',
    '7:26 manifest/unknown-preset',
    '7:34 manifest/unknown-key',
    '8:3 manifest/name-collision',
    '8:36 manifest/wrong-type',
  ])
})

test('counts lines and columns alike with CRLF and after a removed byte order mark', () => {
  const text = hero('style: brnad').replaceAll('\n', '\r\n')
  const diagnostic = resolveText(text).diagnostics.find(({ severity }) => severity === 'error')
  expect(diagnostic!.place).toMatchObject({ line: 3, column: 47, length: 5 })
  expect(diagnostic!.frame).not.toContain('\r')
})

test('limits aliases, so that a few lines can’t become gigabytes', () => {
  const bomb = [
    'version: 1',
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'
      .split('')
      .map(
        (name, i) =>
          `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[i]}`).join(',')}]`,
      ),
    'assets: {}',
  ].join('\n')
  const started = performance.now()
  const { manifest: resolved, diagnostics } = resolveText(bomb)
  expect(resolved).toBeUndefined()
  expect(diagnostics).toMatchObject([{ code: 'manifest/alias' }])
  expect(performance.now() - started).toBeLessThan(2000)
})

test('reports every preset when all are unknown', () => {
  expect(resolveText(hero('outputs: [nope, nada]')).diagnostics).toHaveLength(2)
})
