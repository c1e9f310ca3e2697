import type { JSX } from 'preact'
import { ActionDialogs } from '../actions/action-dialogs.tsx'
import { AssetPage } from '../asset/asset-page.tsx'
import { Button } from '../controls/button.tsx'
import { NoticeArea } from '../controls/notice.tsx'
import { Placeholder } from '../controls/placeholder.tsx'
import { CostsPage } from '../costs/costs-page.tsx'
import { GridPage } from '../grid/grid-page.tsx'
import { RunPage } from '../run/run-page.tsx'
import { type Store, StoreContext, useStore, useText } from '../store/store.ts'
import { localFailure } from '../text/local-failure.ts'
import { Banners } from './banners.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { TopBar } from './top-bar.tsx'
import { usePageKeys } from './use-page-keys.ts'

/** The whole page. */
export function App({ store }: { store: Store }): JSX.Element {
  return (
    <StoreContext.Provider value={store}>
      <Page />
    </StoreContext.Provider>
  )
}

function Page(): JSX.Element {
  usePageKeys()
  return (
    <div class="app">
      <TopBar />
      <Banners />
      <View />
      <ActionDialogs />
      <HelpDialog />
      <NoticeArea />
    </div>
  )
}

function View(): JSX.Element {
  const { route, sheet, failure, reload } = useStore()
  const text = useText()
  if (sheet.value === null) {
    return (
      <main>
        {failure.value === null ? (
          <Skeleton label={text.loading} />
        ) : (
          <Placeholder icon="failed" title={localFailure(text, failure.value).message}>
            <p>{localFailure(text, failure.value).hint}</p>
            <Button onClick={() => void reload()}>{text.retry}</Button>
          </Placeholder>
        )}
      </main>
    )
  }
  const shown = route.value
  switch (shown.view) {
    case 'asset':
      return <AssetPage name={shown.name} key={shown.name} />
    case 'costs':
      return <CostsPage />
    case 'run':
      return <RunPage />
    default:
      return <GridPage />
  }
}

/** Cards without content, while the sheet is read. */
function Skeleton({ label }: { label: string }): JSX.Element {
  return (
    <div class="skeleton" role="status" aria-label={label}>
      {Array.from({ length: 12 }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  )
}
