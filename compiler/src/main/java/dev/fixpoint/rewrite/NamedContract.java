package dev.fixpoint.rewrite;

import dev.fixpoint.bound.ErrorBound;

/**
 * A contract by its name and its formula.
 *
 * @param text name
 * @param formula computes the bound
 * @param keepsRanges whether the function stays the same
 */
record NamedContract(String text, ErrorContract.Formula formula, boolean keepsRanges)
    implements ErrorContract {
  @Override
  public ErrorBound bound(RewriteSite site) {
    return formula.bound(site);
  }

  @Override
  public String toString() {
    return text;
  }
}
