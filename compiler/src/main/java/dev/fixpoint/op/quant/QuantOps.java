package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpRegistry;
import java.util.List;

/** The catalogue of operators on quantized tensors. */
public final class QuantOps {
  /** Entry into an integer region. */
  public static final OpDefinition QUANT_STUB = new QuantStub();

  /** Exit from an integer region. */
  public static final OpDefinition DEQUANT_STUB = new DeQuantStub();

  /** Quantize and dequantize in float. */
  public static final OpDefinition FAKE_QUANT = new FakeQuant();

  /** ONNX QuantizeLinear. */
  public static final OpDefinition QUANTIZE_LINEAR = new QuantizeLinear();

  /** ONNX DequantizeLinear. */
  public static final OpDefinition DEQUANTIZE_LINEAR = new DequantizeLinear();

  /** Integer convolution with its epilogue. */
  public static final OpDefinition Q_CONV = new QConv();

  /** Integer matrix product with its epilogue. */
  public static final OpDefinition Q_GEMM = new QGemm();

  /** Integer batched matrix product with its epilogue. */
  public static final OpDefinition Q_MAT_MUL = new QMatMul();

  /** Sum of quantized tensors. */
  public static final OpDefinition Q_ADD = new QAdd();

  /** Product of quantized tensors. */
  public static final OpDefinition Q_MUL = new QMul();

  /** Mean over all spatial positions. */
  public static final OpDefinition Q_GLOBAL_AVERAGE_POOL = new QGlobalAveragePool();

  /** Mean of windows. */
  public static final OpDefinition Q_AVERAGE_POOL = new QAveragePool();

  /** Function of 8-bit values by table. */
  public static final OpDefinition Q_TABLE = new QTable();

  /** Quantized tensors along an axis. */
  public static final OpDefinition Q_CONCAT = new QConcat();

  /** The same values under other parameters. */
  public static final OpDefinition REQUANTIZE = new Requantize();

  /** All of them. */
  public static final OpRegistry REGISTRY =
      OpRegistry.of(
          List.of(
              QUANT_STUB,
              DEQUANT_STUB,
              FAKE_QUANT,
              QUANTIZE_LINEAR,
              DEQUANTIZE_LINEAR,
              Q_CONV,
              Q_GEMM,
              Q_MAT_MUL,
              Q_ADD,
              Q_MUL,
              Q_GLOBAL_AVERAGE_POOL,
              Q_AVERAGE_POOL,
              Q_TABLE,
              Q_CONCAT,
              REQUANTIZE));

  private QuantOps() {}
}
