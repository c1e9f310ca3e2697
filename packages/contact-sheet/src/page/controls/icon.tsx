import type { JSX } from 'preact'

/** Paths in a square of 16, drawn as lines. */
const paths = {
  search: 'M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10Zm3.6-1.4L14 14',
  close: 'm4 4 8 8m0-8-8 8',
  check: 'm3.5 8.5 3 3 6-7',
  down: 'm4.5 6.5 3.5 3.5 3.5-3.5',
  left: 'M9.5 3.5 5 8l4.5 4.5',
  right: 'M6.5 3.5 11 8l-4.5 4.5',
  filter: 'M2 4h12M4.5 8h7M6.5 12h3',
  sort: 'M5 13V3M2.5 5.5 5 3l2.5 2.5M11 3v10m-2.5-2.5L11 13l2.5-2.5',
  group: 'M2 4.5h4l1.5 1.5H14v7H2Z',
  size: 'M2.5 2.5h4v4h-4Zm7 0h4v4h-4Zm-7 7h4v4h-4Zm7 0h4v4h-4Z',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.2v1.3m0 11v1.3M1.2 8h1.3m11 0h1.3M3.2 3.2l.9.9m7.8 7.8.9.9m0-9.6-.9.9m-7.8 7.8-.9.9',
  moon: 'M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1Z',
  system: 'M2 3h12v8H2Zm4 10.5h4M8 11v2.5',
  help: 'M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4m0 2.2v.01M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z',
  stop: 'M4.5 4.5h7v7h-7Z',
  play: 'M5 3.2v9.6L12.5 8Z',
  picture: 'M2 3h12v10H2Zm0 8 3.5-3.5L9 11l2-2 3 3M10.5 6.2v.01',
  offline:
    'M2 2l12 12M4.2 6.3A6 6 0 0 0 3 7m3.3 2.8a3 3 0 0 1 3.5 0M8 12.5v.01M7 4.6a8 8 0 0 1 6 2.4',
  clock: 'M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12Zm0-9.5V8l2.5 1.5',
  generating:
    'M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3M3.4 3.4l2.1 2.1m5 5 2.1 2.1m0-9.2-2.1 2.1m-5 5-2.1 2.1',
  failed: 'M8 4.6v4m0 2.8v.01M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z',
  stale:
    'M13.2 6.2A5.5 5.5 0 0 0 3.3 5M2.8 9.8A5.5 5.5 0 0 0 12.7 11M13.4 2.6v3.6H9.8M2.6 13.4V9.8h3.6',
  draft: 'M3 13h10M4 10.2 10.6 3.6a1.3 1.3 0 0 1 1.8 1.8L5.8 12 3.4 12.6Z',
  edited: 'M9.8 13H13M3 13l.7-2.8L10.6 3.3a1.4 1.4 0 0 1 2 2L5.8 12.3Z',
  blocked: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM3.5 12.5l9-9',
  waiting:
    'M4 2h8M4 14h8M5 2v2.2c0 1.6 3 2.4 3 3.8s-3 2.2-3 3.8V14m6-12v2.2C11 5.8 8 6.6 8 8s3 2.2 3 3.800V14',
  pinned:
    'M8 10.200V14.500M4.5 10.200h7l-1.2-2.400V3.500h.9M5.7 7.8 4.5 10.200M5.7 7.800V3.500H4.800m0 0h6.4',
  fresh: 'm5.2 8.2 2 2 3.6-4M8 14.500a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z',
  external: 'M9.5 2.500h4v4m0-4L7.5 8.500M6 3.500H2.500v10h10V10',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  undo: 'M6 3 2.5 6.5 6 10M3 6.500h6.500a3.5 3.5 0 0 1 0 7H7',
  copy: 'M5.500 5.500v-3h8v8h-3m0-5h-8v8h8Z',
  upload: 'M8 10.500v-8M4.500 6 8 2.500 11.500 6M2.500 10.500v3h11v-3',
  brush:
    'M13.500 2.500 7 9M6.500 8.500c-2 0-2.500 1.500-2.500 2.500s-.700 1.700-1.500 2c1.500.800 5 .800 5.500-2 .100-1-.500-2.500-1.500-2.500Z',
  compare: 'M8 1.500v13M6 3H2.500v10H6m4-10h3.500v10H10',
  focus:
    'M8 9.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3ZM2.500 5.500v-3h3m5 0h3v3m0 5v3h-3m-5 0h-3v-3',
  slide: 'M5.500 4 2 8l3.500 4m5-8L14 8l-3.500 4',
  fit: 'M2.500 6V2.500H6m4 0h3.500V6m0 4v3.500H10m-4 0H2.500V10',
  redo: 'M10 3l3.500 3.500L10 10m3.500-3.500H7a3.500 3.500 0 0 0 0 7',
  trash: 'M2.5 4h11M6 4V2.500h4V4m-6 0 .7 9.500h6.600L12 4',
} as const

export type IconName = keyof typeof paths

/** Draws an icon. It is decoration: the text beside it, or the label of its button, says the same. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
