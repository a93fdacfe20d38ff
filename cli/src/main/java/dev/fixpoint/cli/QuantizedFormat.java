package dev.fixpoint.cli;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.transform.quantize.OthersOperators;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a quantized model is written: the values of {@code --format}. */
enum QuantizedFormat {
  /** Float operators between QuantizeLinear and DequantizeLinear. */
  QDQ {
    @Override
    CompiledModel of(CompiledModel quantized) {
      return quantized;
    }
  },
  /** Integer operators, of ONNX and ONNX Runtime only. */
  QLINEAR {
    @Override
    CompiledModel of(CompiledModel quantized) {
      CompiledModel lowered = new Compiler(CompilerOptions.DEFAULT).lower(quantized.graph());
      Graph graph = OthersOperators.of(lowered.graph());
      List<RewriteRecord> records = new ArrayList<>(quantized.records());
      records.addAll(lowered.records());
      return new CompiledModel(
          graph,
          records,
          lowered.refusals(),
          lowered.report(),
          quantized.errors(),
          quantized.derivation());
    }
  };

  /** All by name. */
  static final Map<String, QuantizedFormat> BY_NAME = Map.of("qdq", QDQ, "qlinear", QLINEAR);

  /** The model as it is written. */
  abstract CompiledModel of(CompiledModel quantized);
}
