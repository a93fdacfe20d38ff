package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Layout;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * Where a value lies in one layout: in a storage of the arena, held whole, or a constant.
 *
 * @param index position in the list of placements of the plan
 * @param type type of the tensor
 * @param layout order of its elements
 * @param storage place in an arena, or null where it is held whole or a constant
 * @param constant the constant, or null
 */
record Placement(
    int index,
    TensorType type,
    Layout layout,
    @Nullable Storage storage,
    @Nullable Tensor constant) {

  /** The buffer of this placement over the arenas of a workspace. */
  Buffer bind(float[] floats, byte[] bytes) {
    if (constant != null) {
      return bindConstant(constant);
    }
    if (storage == null) {
      return Buffer.ofTensor(type);
    }
    return storage.isFloat()
        ? Buffer.ofFloats(type, layout, floats, storage.offset())
        : Buffer.ofBytes(type, layout, bytes, storage.offset());
  }

  private Buffer bindConstant(Tensor tensor) {
    if (!Buffer.isArrayType(type)) {
      Buffer held = Buffer.ofTensor(type);
      held.set(tensor);
      return held;
    }
    int length = Math.toIntExact(tensor.elementCount()) + Storage.SLACK;
    Buffer buffer =
        Buffer.isByteType(type.elementType())
            ? Buffer.ofBytes(type, layout, new byte[length], 0)
            : Buffer.ofFloats(type, layout, new float[length], 0);
    buffer.set(tensor);
    return buffer;
  }
}
