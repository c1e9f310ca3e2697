import type { Command, OptionSpec } from './command.ts'

/** Options that every command accepts. */
export const globalOptions: Readonly<Record<string, OptionSpec>> = {
  cwd: {
    type: 'string',
    short: 'C',
    value: 'DIR',
    help: 'Folder to work in (default the current one).',
  },
  manifest: {
    type: 'string',
    short: 'm',
    value: 'FILE',
    help: 'Manifest to read (default images.yaml).',
  },
  json: { type: 'boolean', help: 'Print one JSON event per line.' },
  quiet: { type: 'boolean', short: 'q', help: 'Print only problems.' },
  verbose: { type: 'boolean', short: 'v', help: 'Print every file, and warnings in full.' },
  help: { type: 'boolean', short: 'h', help: 'Print this help.' },
  version: { type: 'boolean', help: 'Print the version.' },
}

const provider: OptionSpec = {
  type: 'string',
  value: 'ID',
  help: "Override the manifest's provider: local, openai, or an entry of its providers.",
}
const profile: OptionSpec = {
  type: 'string',
  value: 'NAME',
  help: 'Override model and quality: a profile of the manifest, or draft (has its own lockfile and masters), preview, production, premium.',
}
const batch: OptionSpec = {
  type: 'boolean',
  help: 'Use the Batch API where possible: a lower price, within 24 hours.',
}
const maxCost: OptionSpec = {
  type: 'string',
  value: 'USD',
  help: 'Stop before the request that would exceed this amount.',
}

const shard: OptionSpec = {
  type: 'string',
  value: 'I/N',
  help: 'Do only part I of N, for a matrix of N machines; `limn merge` combines what they did.',
}

const retryUncertain: OptionSpec = {
  type: 'boolean',
  help: 'Retry requests that may have been billed; each attempt may be billed.',
}

const queue: OptionSpec = {
  type: 'string',
  value: 'URL',
  help: 'Let the workers of a queue do the work: redis://host:6379.',
}

/** The commands by name, in the order of the help. */
export const commands: Readonly<Record<string, Command>> = {
  init: {
    summary: 'Set up a project: manifest, Vite plugin, scripts, Git',
    options: {
      agents: {
        type: 'boolean',
        help: 'Also create AGENTS.md with the line for coding agents, if there is none.',
      },
      ci: { type: 'boolean', help: 'Also write a GitHub workflow that checks the pictures.' },
      'dry-run': { type: 'boolean', help: 'Show the changes and stop.' },
      undo: { type: 'boolean', help: 'Undo what an earlier run wrote.' },
      yes: { type: 'boolean', short: 'y', help: 'Write without confirmation.' },
    },
    load: () => import('./commands/init.ts'),
  },
  import: {
    summary: 'Add the pictures of a folder to the manifest, at no cost',
    usage: 'DIR',
    arity: [1, 1],
    options: {
      as: {
        type: 'string',
        value: 'KIND',
        help: 'sources (the default): derive files from the pictures where they are. masters: copy them as masters, to which prompts can be added later.',
      },
      'dry-run': { type: 'boolean', help: 'Show the changes and stop.' },
      yes: { type: 'boolean', short: 'y', help: 'Write without confirmation.' },
    },
    load: () => import('./commands/import.ts'),
  },
  migrate: {
    summary: 'Convert the imports of vite-imagetools',
    usage: 'imagetools',
    arity: [1, 1],
    options: {
      'dry-run': { type: 'boolean', help: 'Show the changes and stop.' },
      patch: {
        type: 'string',
        value: 'FILE',
        help: 'Write the changes as a patch for git apply, and change nothing.',
      },
      yes: { type: 'boolean', short: 'y', help: 'Write without confirmation.' },
    },
    load: () => import('./commands/migrate.ts'),
  },
  plan: {
    summary: 'Show what would be done, why, and at what price',
    usage: '[names…]',
    arity: [0, Infinity],
    options: {
      batch,
      'explain-cost': {
        type: 'boolean',
        help: 'Explain the cost of each picture: tokens, prices and their source, with totals.',
      },
      'detailed-exitcode': { type: 'boolean', help: 'Exit with 2 if changes are pending.' },
      format: {
        type: 'string',
        value: 'FORMAT',
        help: 'github: print mistakes, warnings and costs as workflow annotations.',
      },
      out: {
        type: 'string',
        value: 'FILE',
        help: 'Save the plan for `limn generate --plan FILE`.',
      },
      profile,
      provider,
      remote: {
        type: 'boolean',
        help: 'Ask the remote store which pictures it has (default: the plan is offline).',
      },
      shard,
    },
    load: () => import('./commands/plan.ts'),
  },
  generate: {
    summary: 'Execute the plan',
    usage: '[names…]',
    arity: [0, Infinity],
    options: {
      batch,
      'dry-run': { type: 'boolean', help: 'Show the plan and stop.' },
      force: {
        type: 'boolean',
        help: 'Regenerate the named assets; without names, those that are kept (edited, not in the lockfile).',
      },
      interactive: {
        type: 'boolean',
        short: 'i',
        help: 'Choose on the terminal what is generated, by what caused it.',
      },
      'max-cost': maxCost,
      plan: {
        type: 'string',
        value: 'FILE',
        help: 'Execute a saved plan; fails if it no longer applies.',
      },
      profile,
      provider,
      queue,
      'retry-uncertain': retryUncertain,
      shard,
      wait: { type: 'boolean', help: 'Wait until every batch is finished, and collect it.' },
      yes: { type: 'boolean', short: 'y', help: 'Accept the cost without confirmation.' },
    },
    requestsPictures: true,
    load: () => import('./commands/generate.ts'),
  },
  merge: {
    summary: 'Combine what the shards of a run left',
    usage: 'DIR…',
    arity: [1, Infinity],
    load: () => import('./commands/merge.ts'),
  },
  worker: {
    summary: 'Do the jobs of a queue that `limn generate --queue` fills',
    options: {
      jobs: {
        type: 'string',
        value: 'N',
        help: 'Jobs at the same time (default: by the limits of the providers).',
      },
      'max-cost': { ...maxCost, help: 'Spend at most this amount, then end.' },
      provider,
      queue: { ...queue, help: 'The queue: redis://host:6379/0, or redis://host#NAME.' },
      'retry-uncertain': retryUncertain,
    },
    requestsPictures: true,
    load: () => import('./commands/worker.ts'),
  },
  batch: {
    summary: 'Show open batches, or cancel one',
    usage: '[list | cancel ID]',
    arity: [0, 2],
    options: { profile, provider },
    load: () => import('./commands/batch.ts'),
  },
  check: {
    summary: 'For CI: fail if anything is stale, missing, tampered with or against a policy',
    options: {
      base: {
        type: 'string',
        value: 'REF',
        help: 'Branch or commit that the cost of this branch is compared with (policy.maxCost).',
      },
      format: {
        type: 'string',
        value: 'FORMAT',
        help: 'github: print findings of policies as workflow annotations.',
      },
    },
    load: () => import('./commands/check.ts'),
  },
  watch: {
    summary: 'Plan and generate on each change of the manifest',
    options: {
      'max-cost': {
        ...maxCost,
        help: 'Spend at most this amount without asking (default: ask at a terminal, else 0).',
      },
      profile,
      provider,
      'retry-uncertain': retryUncertain,
    },
    requestsPictures: true,
    load: () => import('./commands/watch.ts'),
  },
  ui: {
    summary: 'Show every picture in the browser; edit, generate and choose there',
    options: {
      'max-cost': {
        ...maxCost,
        help: 'Spend at most this amount until the command ends (default: no limit; the page asks each time).',
      },
      'no-open': { type: 'boolean', help: 'Print the link and do not open the browser.' },
      port: {
        type: 'string',
        value: 'PORT',
        help: 'Port to listen on, at 127.0.0.1 (default: any free one).',
      },
      profile,
      provider,
    },
    requestsPictures: true,
    load: () => import('./commands/ui.ts'),
  },
  mcp: {
    summary: 'Offer the pictures to a coding agent, over MCP on standard input and output',
    options: {
      'max-cost': {
        ...maxCost,
        help: 'Spend at most this amount until the server ends (default: it spends nothing).',
      },
      profile,
      provider,
    },
    requestsPictures: true,
    load: () => import('./commands/mcp.ts'),
  },
  report: {
    summary: 'Write every picture to one HTML file, to send or attach',
    options: {
      base: {
        type: 'string',
        value: 'REF',
        help: 'Commit that --only changed compares with (default HEAD).',
      },
      'max-size': {
        type: 'string',
        value: 'SIZE',
        help: 'Largest file (default 10MB): the more pictures, the smaller they are.',
      },
      only: {
        type: 'string',
        value: 'WHICH',
        help: 'changed: only what differs from a commit, or is not up to date.',
      },
      open: { type: 'boolean', help: 'Open the file in the browser.' },
      out: { type: 'string', value: 'FILE', help: 'File to write (default limn-report.html).' },
    },
    load: () => import('./commands/report.ts'),
  },
  compare: {
    summary: 'Show which pictures a branch changes, and what they cost',
    usage: 'BASE [HEAD]',
    arity: [1, 2],
    options: {
      'fail-on': {
        type: 'string',
        value: 'KIND',
        help: 'Exit with 1 on regressions: regression for any, or kinds with commas (bytes, alt, mark, transparency, animation, size).',
      },
      html: {
        type: 'string',
        value: 'FILE',
        help: 'Write a page with before, after and difference.',
      },
      markdown: {
        type: 'string',
        value: 'FILE',
        help: 'Write the comment for a pull request; - prints it.',
      },
      'max-bytes': {
        type: 'string',
        value: 'SIZE',
        help: 'Exit with 1 if a page of policy.pages grows by more than this, such as 200KB; without pages, if all output files together do.',
      },
      'max-size': {
        type: 'string',
        value: 'SIZE',
        help: 'Largest size of all pictures in the page (default 10MB).',
      },
    },
    load: () => import('./commands/compare.ts'),
  },
  examine: {
    summary: 'Examine pictures again: whether they are what the manifest expects',
    usage: '[names…]',
    arity: [0, Infinity],
    options: {
      'max-cost': maxCost,
      profile,
      provider,
      yes: { type: 'boolean', short: 'y', help: 'Accept the cost without confirmation.' },
    },
    load: () => import('./commands/examine.ts'),
  },
  explain: {
    summary: 'Compare the recorded request of an asset with the current one',
    usage: 'NAME',
    arity: [1, 1],
    options: { profile, provider },
    load: () => import('./commands/explain.ts'),
  },
  show: {
    summary: 'Show one asset in full: prompt, size, files, origin',
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
  list: { summary: 'List the assets with their state', load: () => import('./commands/list.ts') },
  cost: {
    summary: 'Show costs to date, the forecast, and what reuse saved',
    options: {
      by: {
        type: 'string',
        value: 'KEY',
        help: 'Group by asset, model (default), profile, run or month.',
      },
      profile,
      provider,
    },
    load: () => import('./commands/cost.ts'),
  },
  stats: {
    summary: 'Show success rate, time and cost of requests by model',
    load: () => import('./commands/stats.ts'),
  },
  describe: {
    summary: 'Let the judge suggest alt texts for pictures that have none',
    usage: '[names…]',
    arity: [0, Infinity],
    options: {
      confirm: { type: 'boolean', help: 'Confirm suggested alt texts that you have read.' },
      'max-cost': maxCost,
      yes: { type: 'boolean', short: 'y', help: 'Accept the cost without confirmation.' },
    },
    load: () => import('./commands/describe.ts'),
  },
  adopt: {
    summary: 'Accept a picture that you edited or supplied',
    usage: 'NAME [FILE]',
    arity: [1, 2],
    load: () => import('./commands/adopt.ts'),
  },
  pick: {
    summary: 'Make another candidate the master',
    usage: 'NAME K',
    arity: [2, 2],
    options: { profile },
    load: () => import('./commands/pick.ts'),
  },
  restore: {
    summary: 'List the earlier pictures of an asset, or make one the master again',
    usage: 'NAME [K]',
    arity: [1, 2],
    load: () => import('./commands/restore.ts'),
  },
  pin: {
    summary: 'Keep a picture whatever the manifest says',
    usage: 'NAME',
    arity: [1, 1],
    options: { off: { type: 'boolean', help: 'Unpin it: it follows the manifest again.' } },
    load: () => import('./commands/pin.ts'),
  },
  mv: {
    summary: 'Rename an asset in the manifest, in the lockfile and on disk',
    usage: 'OLD NEW',
    arity: [2, 2],
    load: () => import('./commands/mv.ts'),
  },
  prune: {
    summary: 'Remove what the manifest no longer uses',
    options: { 'dry-run': { type: 'boolean', help: 'Show what would be removed and stop.' } },
    load: () => import('./commands/prune.ts'),
  },
  cache: {
    summary: 'Show, upload to, download from, verify or clean up the remote store',
    usage: '[stat | push | pull | verify | gc]',
    arity: [0, 1],
    options: {
      'dry-run': { type: 'boolean', help: 'gc: show how much would be deleted and stop.' },
      'older-than': {
        type: 'string',
        value: 'DAYS',
        help: 'gc: also delete answers older than this, except those that the lockfile names.',
      },
      delete: { type: 'boolean', help: 'verify: delete what is damaged or incomplete.' },
    },
    load: () => import('./commands/cache.ts'),
  },
  doctor: {
    summary: 'Check key, server, models, disk and clock, at no cost',
    options: { profile, provider },
    load: () => import('./commands/doctor.ts'),
  },
  trust: {
    summary: 'List, grant or revoke where keys may go, and whether limn.config.ts runs',
    usage: '[list | grant WHAT… | revoke WHAT…]',
    arity: [0, Infinity],
    load: () => import('./commands/trust.ts'),
  },
  presets: {
    summary: 'List the built-in presets for outputs',
    load: () => import('./commands/presets.ts'),
  },
  styles: {
    summary: 'List the built-in styles for prompts',
    load: () => import('./commands/styles.ts'),
  },
  schema: {
    summary: 'Print the JSON Schema of the manifest, or of what a command prints with --json',
    usage: '[COMMAND | command-request]',
    arity: [0, 1],
    load: () => import('./commands/schema.ts'),
  },
  completion: {
    summary: 'Print the script that completes commands, options and asset names in a shell',
    usage: 'bash | zsh | fish',
    arity: [1, 1],
    load: () => import('./commands/completion.ts'),
  },
}
