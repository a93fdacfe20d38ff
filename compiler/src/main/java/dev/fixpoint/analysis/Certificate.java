package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;

/**
 * A proved bound, twice: for inputs of the declared box for which no quantizer clips, which is
 * counted on a run, and for all inputs of the box.
 *
 * @param unclipped the bound while no quantizer clips
 * @param unconditional the bound in any case
 */
public record Certificate(ErrorBound unclipped, ErrorBound unconditional) {
  /** The certificate of equal bits. */
  public static final Certificate EXACT = new Certificate(ErrorBound.EXACT, ErrorBound.EXACT);

  /** Whether both bounds exist. */
  public boolean isBounded() {
    return unclipped.isBounded() && unconditional.isBounded();
  }

  @Override
  public String toString() {
    return unclipped + " while nothing clips, " + unconditional + " in any case";
  }
}
