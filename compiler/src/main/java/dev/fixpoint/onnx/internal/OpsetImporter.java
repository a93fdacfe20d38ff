package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.NameAuthority;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lifts operators of older opsets to the forms of opset {@value #OPSET}. */
final class OpsetImporter {
  /** The opset whose forms a graph holds. */
  static final int OPSET = 21;

  private final GraphAssembler assembler;
  private final NameAuthority names;

  OpsetImporter(GraphAssembler assembler, NameAuthority names) {
    this.assembler = assembler;
    this.names = names;
  }

  static void requireKnown(SourceModel model) {
    if (model.info().opsets().isEmpty()) {
      throw new ModelException("the model imports no opset; add one");
    }
  }

  static Map<String, Long> opsetsAfter(SourceModel model) {
    Map<String, Long> opsets = new LinkedHashMap<>(model.info().opsets());
    opsets.computeIfPresent("", (_, version) -> Math.max(version, OPSET));
    return opsets;
  }

  void lift(NodeDraft draft, Scope scope) {
    assembler.emit(draft, scope);
  }
}
