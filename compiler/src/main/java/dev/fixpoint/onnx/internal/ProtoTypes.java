package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.proto.TensorShapeProto;
import dev.fixpoint.onnx.internal.proto.TypeProto;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** {@code TypeProto} to tensor type and back. */
final class ProtoTypes {
  private ProtoTypes() {}

  /** Whether this is the type of a tensor, or none at all; sequences, maps and the like are not. */
  static boolean isTensor(TypeProto proto) {
    return proto.hasTensorType() || proto.getValueCase() == TypeProto.ValueCase.VALUE_NOT_SET;
  }

  /** The tensor type; unknown where the proto is of something else. */
  static TensorType decode(TypeProto proto, String place) {
    if (!proto.hasTensorType()) {
      return TensorType.UNKNOWN;
    }
    int code = proto.getTensorType().getElemType();
    ElementType elementType =
        ElementType.ofCode(code)
            .orElseThrow(
                () ->
                    new ModelException(
                        place
                            + " has element type number "
                            + code
                            + ", which is none that is known here; convert it to a known one"));
    Shape shape =
        proto.getTensorType().hasShape()
            ? shape(proto.getTensorType().getShape(), place)
            : Shape.UNRANKED;
    return new TensorType(elementType, shape);
  }

  private static Shape shape(TensorShapeProto proto, String place) {
    List<Dimension> dimensions = new ArrayList<>();
    for (TensorShapeProto.Dimension dim : proto.getDimList()) {
      // Some exporters write -1 or an empty name where they know nothing.
      if (dim.hasDimValue() && dim.getDimValue() >= 0) {
        dimensions.add(Dimension.of(dim.getDimValue()));
      } else if (dim.hasDimParam() && !dim.getDimParam().isEmpty()) {
        dimensions.add(Dimension.of(dim.getDimParam()));
      } else {
        dimensions.add(Dimension.UNKNOWN);
      }
    }
    try {
      return Shape.of(dimensions);
    } catch (IllegalArgumentException e) {
      throw new ModelException(place + ": " + e.getMessage() + "; correct the declaration", e);
    }
  }

  /** The proto of a tensor type. */
  static TypeProto encode(TensorType type) {
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.elementType().code());
    if (type.shape().isRanked()) {
      TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
      type.shape().dimensions().forEach(dimension -> shape.addDim(dimension(dimension)));
      tensor.setShape(shape);
    }
    return TypeProto.newBuilder().setTensorType(tensor).build();
  }

  private static TensorShapeProto.Dimension dimension(Dimension dimension) {
    return switch (dimension) {
      case Dimension.Fixed fixed ->
          TensorShapeProto.Dimension.newBuilder().setDimValue(fixed.size()).build();
      case Dimension.Symbolic symbolic ->
          TensorShapeProto.Dimension.newBuilder().setDimParam(symbolic.name()).build();
      case Dimension.Unknown _ -> TensorShapeProto.Dimension.getDefaultInstance();
    };
  }
}
