package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Node;

/**
 * Whether a node runs on integers, and why.
 *
 * @param node the node
 * @param integer whether it runs on integers
 * @param reason the reason, for people
 */
public record QuantDecision(Node node, boolean integer, String reason) {
  @Override
  public String toString() {
    return node.describe() + (integer ? ": integers, " : ": float, ") + reason;
  }
}
