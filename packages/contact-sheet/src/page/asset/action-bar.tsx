import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { AssetView } from '../../protocol.ts'
import { useAction } from '../actions/use-action.ts'
import { describeFailure } from '../connection/connection.ts'
import { Button } from '../controls/button.tsx'
import type { IconName } from '../controls/icon.tsx'
import { Menu } from '../controls/menu.tsx'
import { type Store, useMoney, useStore, useText } from '../store/store.ts'
import { type AssetAction, nextAction, otherActions } from './asset-actions.ts'

const icons: Record<AssetAction, IconName> = {
  generate: 'generating',
  derive: 'generating',
  regenerate: 'stale',
  pick: 'check',
  edit: 'edited',
  focus: 'focus',
  compare: 'compare',
  mask: 'brush',
  adopt: 'upload',
  pin: 'pinned',
  unpin: 'pinned',
}

/** How many actions stand beside the next one; the rest is in a menu. */
const SHOWN = 2

/** What to do with the asset: the one thing that it needs, the usual ones, and the rest in a menu. */
export function ActionBar({ view }: { view: AssetView }): JSX.Element {
  const store = useStore()
  const text = useText().actions
  const money = useMoney()
  const action = useAction()
  const next = nextAction(view)
  const others = otherActions(view)
  const bar = useRef<HTMLDivElement>(null)
  const act = (name: AssetAction): void => {
    // The menu closes when a dialog opens. Its button is where the focus returns.
    if (document.activeElement?.closest('.menu-panel') != null) {
      bar.current?.querySelector<HTMLElement>('.menu > button')?.focus()
    }
    if (name !== 'pin' && name !== 'unpin') return openDialog(store, view, name)
    void action.take(() => setPinned(store, view, name === 'pin'))
  }
  const usd = view.asset.step?.usd
  const isRunning =
    store.runAssetByName.value.get(view.asset.name)?.stage !== undefined && store.run.value !== null
  return (
    <div class="action-bar" ref={bar}>
      {isRunning ? (
        <Button icon="stop" disabled={store.run.value?.isStopping} onClick={() => void stop(store)}>
          {text.stop}
        </Button>
      ) : null}
      {next === null || isRunning ? null : (
        <Button look="primary" data-action={next} icon={icons[next]} onClick={() => act(next)}>
          {text.names[next]}
          {usd == null ? null : (
            <span class="button-price">{usd === 0 ? text.price.free : money(usd)}</span>
          )}
        </Button>
      )}
      {others.slice(0, SHOWN).map((name) => (
        <Button key={name} data-action={name} icon={icons[name]} onClick={() => act(name)}>
          {text.names[name]}
        </Button>
      ))}
      <Menu label={text.more} name={text.more} isAtEnd>
        <div class="menu-options">
          {others.slice(SHOWN).map((name) => (
            <Button
              key={name}
              look="plain"
              data-action={name}
              icon={icons[name]}
              onClick={() => act(name)}
            >
              {text.names[name]}
            </Button>
          ))}
        </div>
      </Menu>
    </div>
  )
}

function openDialog(
  store: Store,
  { asset: { name } }: AssetView,
  action: Exclude<AssetAction, 'pin' | 'unpin'>,
): void {
  if (action === 'generate' || action === 'derive' || action === 'regenerate') {
    store.dialog.value = { kind: 'generate', names: [name], force: action === 'regenerate' }
  } else store.dialog.value = { kind: action, name }
}

async function setPinned(
  store: Store,
  { asset: { name } }: AssetView,
  pinned: boolean,
): Promise<string> {
  await store.connection.call('pin', { name, pinned })
  const text = store.text.value.actions.pinning
  return pinned ? text.pinned(name) : text.unpinned(name)
}

async function stop(store: Store): Promise<void> {
  try {
    await store.connection.call('stop', {})
    store.notice.value = { tone: 'plain', message: store.text.value.actions.run.stopped }
  } catch (error) {
    store.notice.value = { tone: 'failure', ...describeFailure(error) }
  }
}
