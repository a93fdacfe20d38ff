package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;

/**
 * A bilinear function with coefficients 0 and 1, plus an addend: each result is a sum of products
 * of one entry of the first operand and one of the second. The entries are elements, or slots that
 * stand for many elements alike, such as all of one channel.
 */
interface SumForm {
  /** The position of the addend among the operands. */
  int ADDEND = 2;

  /** The slots of the results. */
  Spread result();

  /** The slots of an operand: 0 and 1 are multiplied, {@link #ADDEND} is added. */
  Spread operand(int index);

  /** The number of products in the longest sum. */
  long terms();

  /** A factor on an operand. */
  default double scale(int index) {
    return 1;
  }

  /** The first operand in the order in which {@link #product} takes it. */
  default Box arrange(Box first) {
    return first;
  }

  /** The sums of products. */
  double[] product(double[] first, double[] second);

  /** The addend spread over the results. */
  double[] addend(double[] values);
}
