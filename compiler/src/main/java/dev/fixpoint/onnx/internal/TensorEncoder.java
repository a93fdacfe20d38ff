package dev.fixpoint.onnx.internal;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.proto.TensorProto;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;

/** Makes {@code TensorProto}s of tensors. */
public final class TensorEncoder {
  private TensorEncoder() {}

  /**
   * The proto of a tensor, with its elements inside.
   *
   * @throws ModelException if it has more than 2 GiB
   */
  public static TensorProto encode(String name, Tensor tensor) {
    TensorProto.Builder proto = head(name, tensor);
    if (tensor.elementType() == ElementType.STRING) {
      tensor.strings().forEach(text -> proto.addStringData(ByteString.copyFromUtf8(text)));
      return proto.build();
    }
    if (tensor.data().byteSize() > Integer.MAX_VALUE) {
      throw new ModelException(
          "tensor '" + name + "' is larger than 2 GiB; write the model with external data");
    }
    return proto.setRawData(UnsafeByteOperations.unsafeWrap(tensor.data().asByteBuffer())).build();
  }

  /** The proto of a tensor without its elements. */
  static TensorProto.Builder head(String name, Tensor tensor) {
    TensorProto.Builder proto =
        TensorProto.newBuilder().setName(name).setDataType(tensor.elementType().code());
    for (long size : tensor.shape().sizes()) {
      proto.addDims(size);
    }
    return proto;
  }
}
