import { Component, type ReactNode } from "react";

/** Where a part of the page fails, the rest goes on, and it says so. */
export class Boundary extends Component<{ children: ReactNode }, { failure: Error | null }> {
  override state: { failure: Error | null } = { failure: null };

  static getDerivedStateFromError(failure: Error): { failure: Error } {
    return { failure };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    return (
      <div className="empty" role="alert">
        <h2>This part of the page failed</h2>
        <p className="mono">{failure.message}</p>
        <p>Nothing of the run is lost: it is the server's. If the server was updated, the page has to be loaded anew.</p>
        <div className="buttons">
          <button type="button" className="primary" onClick={() => location.reload()}>
            Load anew
          </button>
          <button type="button" onClick={() => this.setState({ failure: null })}>
            Try again
          </button>
        </div>
      </div>
    );
  }
}
