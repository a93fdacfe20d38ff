package dev.fixpoint.ir;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model file says besides its graph.
 *
 * @param irVersion version of the file format
 * @param opsets opset version by domain; the standard domain is empty
 * @param producerName tool that wrote the model
 * @param producerVersion its version
 * @param domain namespace of the model
 * @param modelVersion version of the model
 * @param docString documentation of the model
 * @param graphDocString documentation of its graph
 * @param metadata free properties
 */
public record ModelInfo(
    long irVersion,
    Map<String, Long> opsets,
    String producerName,
    String producerVersion,
    String domain,
    long modelVersion,
    String docString,
    String graphDocString,
    Map<String, String> metadata) {
  /** Of a graph that is built here: opset 21 and nothing else. */
  public static final ModelInfo DEFAULT =
      new ModelInfo(10, Map.of("", 21L), "", "", "", 0, "", "", Map.of());

  /** Keeps immutable copies in their order. */
  public ModelInfo {
    opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** This with other opsets. */
  public ModelInfo withOpsets(Map<String, Long> newOpsets) {
    return new ModelInfo(
        irVersion,
        newOpsets,
        producerName,
        producerVersion,
        domain,
        modelVersion,
        docString,
        graphDocString,
        metadata);
  }

  /** This with other free properties. */
  public ModelInfo withMetadata(Map<String, String> newMetadata) {
    return new ModelInfo(
        irVersion,
        opsets,
        producerName,
        producerVersion,
        domain,
        modelVersion,
        docString,
        graphDocString,
        newMetadata);
  }

  /** This with another producer. */
  public ModelInfo withProducer(String name, String version) {
    return new ModelInfo(
        irVersion,
        opsets,
        name,
        version,
        domain,
        modelVersion,
        docString,
        graphDocString,
        metadata);
  }
}
