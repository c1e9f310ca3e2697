import type { Command, OptionSpec } from './command.ts'

/** Options of every command. */
export const globalOptions = {
  cwd: { type: 'string', short: 'C', value: 'DIR', help: 'Work in this folder.' },
  manifest: {
    type: 'string',
    short: 'm',
    value: 'FILE',
    help: 'Manifest to read (default images.yaml).',
  },
  json: { type: 'boolean', help: 'One JSON event a line.' },
  quiet: { type: 'boolean', short: 'q', help: 'Only what went wrong.' },
  verbose: { type: 'boolean', short: 'v', help: 'Every file, and warnings in full.' },
  help: { type: 'boolean', short: 'h', help: 'This help.' },
  version: { type: 'boolean', help: 'The version.' },
} as const satisfies Record<string, OptionSpec>

const provider: OptionSpec = {
  type: 'string',
  value: 'ID',
  help: 'Who draws, whatever the manifest says: local, openai, or an entry of its providers.',
}
const profile: OptionSpec = {
  type: 'string',
  value: 'NAME',
  help: 'Override the run: a profile of the manifest, or draft (kept apart from lock and masters), preview, production, premium.',
}
const batch: OptionSpec = {
  type: 'boolean',
  help: 'Through the Batch API where that is possible: half the price, within 24 hours.',
}
const maxCost: OptionSpec = {
  type: 'string',
  value: 'USD',
  help: 'Stop before the request that would pass this sum.',
}

/** The commands by name, in the order of the help. */
export const commands: Readonly<Record<string, Command>> = {
  init: {
    summary: 'Write a small manifest to start from',
    load: () => import('./commands/init.ts'),
  },
  plan: {
    summary: 'Show what would be done, why, and at what price',
    usage: '[names…]',
    arity: [0, Infinity],
    options: {
      batch,
      'detailed-exitcode': { type: 'boolean', help: 'Exit with 2 where there is something to do.' },
      format: {
        type: 'string',
        value: 'FORMAT',
        help: 'github: mistakes and warnings as annotations of a workflow.',
      },
      out: {
        type: 'string',
        value: 'FILE',
        help: 'Save the plan for `limn generate --plan FILE`.',
      },
      profile,
      provider,
    },
    load: () => import('./commands/plan.ts'),
  },
  generate: {
    summary: 'Carry the plan out',
    usage: '[names…]',
    arity: [0, Infinity],
    options: {
      batch,
      'dry-run': { type: 'boolean', help: 'Show the plan and stop.' },
      force: {
        type: 'boolean',
        help: 'Generate again what is named; without names, what is kept from it (edited, not in the lock).',
      },
      'max-cost': maxCost,
      plan: {
        type: 'string',
        value: 'FILE',
        help: 'Carry out a saved plan; refused where it no longer fits.',
      },
      profile,
      provider,
      wait: { type: 'boolean', help: 'Wait until every batch is done, and fetch it.' },
      yes: { type: 'boolean', short: 'y', help: 'Agree to what it may cost.' },
    },
    asks: true,
    load: () => import('./commands/generate.ts'),
  },
  batch: {
    summary: 'Show what is asked in batches, or have one stopped',
    usage: '[list | cancel ID]',
    arity: [0, 2],
    options: { profile, provider },
    load: () => import('./commands/batch.ts'),
  },
  check: {
    summary: 'For CI: fail if anything is stale, missing or tampered with',
    load: () => import('./commands/check.ts'),
  },
  watch: {
    summary: 'Plan and generate on each change of the manifest',
    options: { 'max-cost': maxCost, profile, provider },
    asks: true,
    load: () => import('./commands/watch.ts'),
  },
  explain: {
    summary: 'Compare what was asked for a picture with what is asked now',
    usage: 'NAME',
    arity: [1, 1],
    options: { profile, provider },
    load: () => import('./commands/explain.ts'),
  },
  show: {
    summary: 'Show one picture whole: prompt, size, files, how it came to be',
    usage: 'NAME',
    arity: [1, 1],
    options: { profile, provider },
    load: () => import('./commands/show.ts'),
  },
  print: {
    summary: 'Print the manifest with every default filled in, as JSON',
    usage: '[NAME]',
    arity: [0, 1],
    options: { profile, provider },
    load: () => import('./commands/print.ts'),
  },
  list: { summary: 'Show the assets and their state', load: () => import('./commands/list.ts') },
  cost: {
    summary: 'Show what was spent, what is to come, and what the lock saved',
    options: {
      by: { type: 'string', value: 'KEY', help: 'asset, model (default), profile, run or month.' },
      profile,
      provider,
    },
    load: () => import('./commands/cost.ts'),
  },
  stats: {
    summary: 'Show how requests went: success, time and cost by model',
    load: () => import('./commands/stats.ts'),
  },
  adopt: {
    summary: 'Accept a picture that was edited or brought by hand',
    usage: 'NAME [FILE]',
    arity: [1, 2],
    load: () => import('./commands/adopt.ts'),
  },
  pick: {
    summary: 'Make another candidate the picture',
    usage: 'NAME K',
    arity: [2, 2],
    options: { profile },
    load: () => import('./commands/pick.ts'),
  },
  pin: {
    summary: 'Keep a picture whatever the manifest says',
    usage: 'NAME',
    arity: [1, 1],
    options: { off: { type: 'boolean', help: 'Let it follow the manifest again.' } },
    load: () => import('./commands/pin.ts'),
  },
  mv: {
    summary: 'Rename a picture: in the manifest, the lock and on the disk',
    usage: 'OLD NEW',
    arity: [2, 2],
    load: () => import('./commands/mv.ts'),
  },
  prune: {
    summary: 'Remove what nothing asks for any more',
    options: { 'dry-run': { type: 'boolean', help: 'Show what would be removed and stop.' } },
    load: () => import('./commands/prune.ts'),
  },
  doctor: {
    summary: 'Look at key, server, models, disk and clock; asks nothing that costs money',
    options: { profile, provider },
    load: () => import('./commands/doctor.ts'),
  },
  presets: {
    summary: 'Show the presets that outputs can name',
    load: () => import('./commands/presets.ts'),
  },
  styles: {
    summary: 'Show the styles that assets can name',
    load: () => import('./commands/styles.ts'),
  },
  schema: {
    summary: 'Print the JSON Schema of the manifest',
    load: () => import('./commands/schema.ts'),
  },
}
