import { type ReactNode, useEffect } from 'react'

interface PageProps {
  readonly title: string
  /** Beside the title. */
  readonly actions?: ReactNode
  /** Below the title: one line. */
  readonly lead?: ReactNode
  readonly children: ReactNode
}

/** The one heading of a page, the title of its tab, and what is on it. */
export function Page({ title, actions, lead, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Backchannel`
  }, [title])
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {lead !== undefined && <p className="lead">{lead}</p>}
        </div>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </div>
  )
}
