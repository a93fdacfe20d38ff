package dev.fixpoint.op.standard;

/**
 * The step of a recurrent layer: the next state from the input at one time and the state before.
 */
interface RecurrentCell {
  /** The weights of the direction that this is the cell of. */
  RecurrentWeights weights();

  /**
   * Moves on by one step.
   *
   * @param fromInput what the input contributes to each gate, gate by gate
   * @param hidden hidden state, overwritten by the next one
   * @param cell cell state, overwritten by the next one; not used by layers without
   */
  void step(double[] fromInput, double[] hidden, double[] cell);
}
