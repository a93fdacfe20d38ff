package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.onnx.internal.proto.ModelProto;
import dev.fixpoint.onnx.internal.proto.OperatorSetIdProto;
import dev.fixpoint.onnx.internal.proto.StringStringEntryProto;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a {@code ModelProto} says besides its graph. */
final class ProtoInfo {
  private ProtoInfo() {}

  /** The information of a model; two values of one property are refused. */
  static ModelInfo of(ModelProto proto) {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (StringStringEntryProto entry : proto.getMetadataPropsList()) {
      if (metadata.put(entry.getKey(), entry.getValue()) != null) {
        throw new ModelException(
            "the model's property '" + entry.getKey() + "' is given twice; remove one");
      }
    }
    return new ModelInfo(
        proto.getIrVersion(),
        opsets(proto.getOpsetImportList(), "the model"),
        proto.getProducerName(),
        proto.getProducerVersion(),
        proto.getDomain(),
        proto.getModelVersion(),
        proto.getDocString(),
        proto.getGraph().getDocString(),
        metadata);
  }

  /** Opset version by domain; two different ones of a domain are refused. */
  static Map<String, Long> opsets(List<OperatorSetIdProto> imports, String place) {
    Map<String, Long> opsets = new LinkedHashMap<>();
    for (OperatorSetIdProto entry : imports) {
      String domain = entry.getDomain().equals("ai.onnx") ? "" : entry.getDomain();
      Long other = opsets.put(domain, entry.getVersion());
      if (other != null && other != entry.getVersion()) {
        throw new ModelException(
            place
                + " imports versions "
                + other
                + " and "
                + entry.getVersion()
                + " of operator domain '"
                + domain
                + "'; keep one");
      }
    }
    return opsets;
  }
}
