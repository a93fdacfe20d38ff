package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.op.OpId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions of a model by name; each comes before an operator of the same name. */
final class FunctionTable {
  private record Key(OpId op, String overload) {}

  private final Map<Key, SourceFunction> functions = new HashMap<>();

  FunctionTable(List<SourceFunction> list) {
    for (SourceFunction function : list) {
      if (functions.put(new Key(function.op(), function.overload()), function) != null) {
        throw new ModelException(
            "two functions are named "
                + function.op()
                + (function.overload().isEmpty() ? "" : ":" + function.overload())
                + "; give each its own name");
      }
    }
  }

  /** The function that a node calls, or null where it calls an operator. */
  @Nullable SourceFunction find(SourceNode node) {
    return functions.get(new Key(node.op(), node.overload()));
  }
}
