import { Component, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'

interface Props {
  /** Another page gets another chance. */
  readonly path: string
  readonly children: ReactNode
}

interface State {
  readonly failure: Error | null
}

/** A page that fails says so, and the links stay. */
export class PageBoundary extends Component<Props, State> {
  override readonly state: State = { failure: null }

  static getDerivedStateFromError(failure: Error): State {
    return { failure }
  }

  override componentDidUpdate(before: Props) {
    if (before.path !== this.props.path && this.state.failure !== null) this.setState({ failure: null })
  }

  override render() {
    const { failure } = this.state
    if (failure === null) return this.props.children
    return (
      <Page title="This page has failed">
        <p role="alert">{failure.message}</p>
        <Button onClick={() => location.reload()}>Load it again</Button>
      </Page>
    )
  }
}
