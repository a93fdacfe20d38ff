package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import java.util.List;

/**
 * A quantizer right behind a dequantizer: nothing where both have the same parameters (the identity
 * on integers of at most 16 bits), else one Requantize.
 */
final class RequantizeLowering {
  private RequantizeLowering() {}

  static void lowerAll(Rewriter rewriter) {
    for (Node node : rewriter.nodes()) {
      QdqView.Target target =
          node.calls(QuantOps.QUANTIZE_LINEAR) ? QdqView.target(rewriter.graph(), node) : null;
      if (target != null) {
        lower(rewriter, target);
      }
    }
  }

  private static void lower(Rewriter rewriter, QdqView.Target target) {
    Node quantizer = target.quantizer();
    QdqView.Source source = QdqView.source(rewriter.graph(), quantizer.input(0));
    if (source == null) {
      return;
    }
    Value y = quantizer.output();
    boolean same = source.params().equals(target.params()) && !rewriter.graph().isOutput(y);
    rewriter.replace(
        LowerToQuantized.NAME,
        List.of(quantizer, source.dequantizer()),
        build -> {
          if (same) {
            build.substitute(y, source.integers());
          } else {
            build.define(
                y,
                QuantOps.REQUANTIZE,
                Attributes.NONE,
                source.integers(),
                source.scale(),
                source.zeroPoint(),
                target.scale(),
                target.zeroPoint());
          }
        },
        ErrorContract.bitExact());
  }
}
