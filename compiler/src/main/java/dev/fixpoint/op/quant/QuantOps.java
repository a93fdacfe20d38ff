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

  /** Transpose of an integer convolution with its epilogue. */
  public static final OpDefinition Q_CONV_TRANSPOSE = new QConvTranspose();

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

  /** Largest 16-bit integer of windows. */
  public static final OpDefinition Q_MAX_POOL = new QMaxPool();

  /** Function of integers by table. */
  public static final OpDefinition Q_TABLE = new QTable();

  /** LayerNormalization that writes integers. */
  public static final OpDefinition Q_LAYER_NORMALIZATION = new QLayerNormalization();

  /** Softmax that writes integers. */
  public static final OpDefinition Q_SOFTMAX = new QSoftmax();

  /** Quantized tensors along an axis. */
  public static final OpDefinition Q_CONCAT = new QConcat();

  /** The same values under other parameters. */
  public static final OpDefinition REQUANTIZE = new Requantize();

  /** ONNX QLinearConv. */
  public static final OpDefinition Q_LINEAR_CONV = new QLinearConv();

  /** ONNX QLinearMatMul. */
  public static final OpDefinition Q_LINEAR_MAT_MUL = new QLinearMatMul();

  /** ONNX ConvInteger. */
  public static final OpDefinition CONV_INTEGER = new ConvInteger();

  /** ONNX MatMulInteger. */
  public static final OpDefinition MAT_MUL_INTEGER = new MatMulInteger();

  /** ONNX DynamicQuantizeLinear. */
  public static final OpDefinition DYNAMIC_QUANTIZE_LINEAR = new DynamicQuantizeLinear();

  /** ONNX Runtime QLinearAdd. */
  public static final OpDefinition Q_LINEAR_ADD = new QLinearAdd();

  /** ONNX Runtime QLinearMul. */
  public static final OpDefinition Q_LINEAR_MUL = new QLinearMul();

  /** ONNX Runtime QLinearAveragePool. */
  public static final OpDefinition Q_LINEAR_AVERAGE_POOL = new QLinearAveragePool();

  /** ONNX Runtime QLinearGlobalAveragePool. */
  public static final OpDefinition Q_LINEAR_GLOBAL_AVERAGE_POOL = new QLinearGlobalAveragePool();

  /** ONNX Runtime QLinearConcat. */
  public static final OpDefinition Q_LINEAR_CONCAT = new QLinearConcat();

  /** ONNX Runtime QLinearSigmoid. */
  public static final OpDefinition Q_LINEAR_SIGMOID = new QLinearSigmoid();

  /** ONNX Runtime QLinearLeakyRelu. */
  public static final OpDefinition Q_LINEAR_LEAKY_RELU = new QLinearLeakyRelu();

  /** ONNX Runtime QLinearSoftmax. */
  public static final OpDefinition Q_LINEAR_SOFTMAX = new QLinearSoftmax();

  /** ONNX Runtime QGemm. */
  public static final OpDefinition Q_LINEAR_GEMM = new QLinearGemm();

  /** ONNX Runtime MatMulIntegerToFloat. */
  public static final OpDefinition MAT_MUL_INTEGER_TO_FLOAT = new MatMulIntegerToFloat();

  /** ONNX Runtime DynamicQuantizeMatMul. */
  public static final OpDefinition DYNAMIC_QUANTIZE_MAT_MUL = new DynamicQuantizeMatMul();

  /** Matrix product whose left side is quantized row by row. */
  public static final OpDefinition DYNAMIC_Q_MAT_MUL = new DynamicQMatMul();

  /** ONNX Runtime MatMulNBits. */
  public static final OpDefinition MAT_MUL_N_BITS = new MatMulNBits();

  /** QONNX Quant. */
  public static final OpDefinition QONNX_QUANT = new QonnxQuant();

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
              Q_CONV_TRANSPOSE,
              Q_GEMM,
              Q_MAT_MUL,
              Q_ADD,
              Q_MUL,
              Q_GLOBAL_AVERAGE_POOL,
              Q_AVERAGE_POOL,
              Q_MAX_POOL,
              Q_TABLE,
              Q_LAYER_NORMALIZATION,
              Q_SOFTMAX,
              Q_CONCAT,
              REQUANTIZE,
              Q_LINEAR_CONV,
              Q_LINEAR_MAT_MUL,
              CONV_INTEGER,
              MAT_MUL_INTEGER,
              DYNAMIC_QUANTIZE_LINEAR,
              Q_LINEAR_ADD,
              Q_LINEAR_MUL,
              Q_LINEAR_AVERAGE_POOL,
              Q_LINEAR_GLOBAL_AVERAGE_POOL,
              Q_LINEAR_CONCAT,
              Q_LINEAR_SIGMOID,
              Q_LINEAR_LEAKY_RELU,
              Q_LINEAR_SOFTMAX,
              Q_LINEAR_GEMM,
              MAT_MUL_INTEGER_TO_FLOAT,
              DYNAMIC_QUANTIZE_MAT_MUL,
              DYNAMIC_Q_MAT_MUL,
              MAT_MUL_N_BITS,
              QONNX_QUANT));

  private QuantOps() {}
}
