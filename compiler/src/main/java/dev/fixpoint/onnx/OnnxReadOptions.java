package dev.fixpoint.onnx;

import dev.fixpoint.onnx.internal.AssemblyOptions;
import dev.fixpoint.op.OpRegistry;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a model is read.
 *
 * @param registry definitions of operators
 * @param keepUnknown whether an operator without a definition is kept as an opaque node; otherwise
 *     the model is refused
 * @param dataFolder folder of external data; null for the folder of the model file
 */
public record OnnxReadOptions(OpRegistry registry, boolean keepUnknown, @Nullable Path dataFolder) {
  /** All operators of the catalogues, unknown ones kept, external data beside the model. */
  public static final OnnxReadOptions DEFAULT =
      new OnnxReadOptions(StandardOps.registry().plus(QuantOps.REGISTRY), true, null);

  /** These options with other definitions of operators. */
  public OnnxReadOptions withRegistry(OpRegistry newRegistry) {
    return new OnnxReadOptions(newRegistry, keepUnknown, dataFolder);
  }

  /** These options with unknown operators kept or refused. */
  public OnnxReadOptions withKeepUnknown(boolean keep) {
    return new OnnxReadOptions(registry, keep, dataFolder);
  }

  /** These options with another folder for external data. */
  public OnnxReadOptions withDataFolder(Path folder) {
    return new OnnxReadOptions(registry, keepUnknown, folder);
  }

  AssemblyOptions assembly() {
    return new AssemblyOptions(registry, keepUnknown);
  }
}
