package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * The catalogue of the float operators: one constant each, and all of them as a registry. A new
 * operator is one line in the section of its family.
 */
public final class StandardOps {
  private static final List<OpDefinition> ALL = new ArrayList<>();

  // Functions of one element.

  public static final OpDefinition ABS = add(new Abs());
  public static final OpDefinition ACOS = add(new Acos());
  public static final OpDefinition ACOSH = add(new Acosh());
  public static final OpDefinition ASIN = add(new Asin());
  public static final OpDefinition ASINH = add(new Asinh());
  public static final OpDefinition ATAN = add(new Atan());
  public static final OpDefinition ATANH = add(new Atanh());
  public static final OpDefinition CEIL = add(new Ceil());
  public static final OpDefinition CELU = add(new Celu());
  public static final OpDefinition CLIP = add(new Clip());
  public static final OpDefinition COS = add(new Cos());
  public static final OpDefinition COSH = add(new Cosh());
  public static final OpDefinition ELU = add(new Elu());
  public static final OpDefinition ERF = add(new Erf());
  public static final OpDefinition EXP = add(new Exp());
  public static final OpDefinition FLOOR = add(new Floor());
  public static final OpDefinition GELU = add(new Gelu());
  public static final OpDefinition HARD_SIGMOID = add(new HardSigmoid());
  public static final OpDefinition HARD_SWISH = add(new HardSwish());
  public static final OpDefinition IDENTITY = add(new Identity());
  public static final OpDefinition LEAKY_RELU = add(new LeakyRelu());
  public static final OpDefinition LOG = add(new Log());
  public static final OpDefinition MISH = add(new Mish());
  public static final OpDefinition NEG = add(new Neg());
  public static final OpDefinition RECIPROCAL = add(new Reciprocal());
  public static final OpDefinition RELU = add(new Relu());
  public static final OpDefinition ROUND = add(new Round());
  public static final OpDefinition SELU = add(new Selu());
  public static final OpDefinition SHRINK = add(new Shrink());
  public static final OpDefinition SIGMOID = add(new Sigmoid());
  public static final OpDefinition SIGN = add(new Sign());
  public static final OpDefinition SIN = add(new Sin());
  public static final OpDefinition SINH = add(new Sinh());
  public static final OpDefinition SOFTPLUS = add(new Softplus());
  public static final OpDefinition SOFTSIGN = add(new Softsign());
  public static final OpDefinition SQRT = add(new Sqrt());
  public static final OpDefinition SWISH = add(new Swish());
  public static final OpDefinition TAN = add(new Tan());
  public static final OpDefinition TANH = add(new Tanh());
  public static final OpDefinition THRESHOLDED_RELU = add(new ThresholdedRelu());

  // Functions of two or more elements, with broadcasting.

  public static final OpDefinition ADD = add(new Add());
  public static final OpDefinition DIV = add(new Div());
  public static final OpDefinition MAX = add(new Max());
  public static final OpDefinition MEAN = add(new Mean());
  public static final OpDefinition MIN = add(new Min());
  public static final OpDefinition MOD = add(new Mod());
  public static final OpDefinition MUL = add(new Mul());
  public static final OpDefinition POW = add(new Pow());
  public static final OpDefinition PRELU = add(new PRelu());
  public static final OpDefinition SUB = add(new Sub());
  public static final OpDefinition SUM = add(new Sum());
  public static final OpDefinition SWI_GLU = add(new SwiGlu());
  public static final OpDefinition WHERE = add(new Where());

  // Comparison, logic and bits.

  public static final OpDefinition AND = add(new And());
  public static final OpDefinition BIT_SHIFT = add(new BitShift());
  public static final OpDefinition BITWISE_AND = add(new BitwiseAnd());
  public static final OpDefinition BITWISE_NOT = add(new BitwiseNot());
  public static final OpDefinition BITWISE_OR = add(new BitwiseOr());
  public static final OpDefinition BITWISE_XOR = add(new BitwiseXor());
  public static final OpDefinition EQUAL = add(new Equal());
  public static final OpDefinition GREATER = add(new Greater());
  public static final OpDefinition GREATER_OR_EQUAL = add(new GreaterOrEqual());
  public static final OpDefinition IS_INF = add(new IsInf());
  public static final OpDefinition IS_NAN = add(new IsNaN());
  public static final OpDefinition LESS = add(new Less());
  public static final OpDefinition LESS_OR_EQUAL = add(new LessOrEqual());
  public static final OpDefinition NOT = add(new Not());
  public static final OpDefinition OR = add(new Or());
  public static final OpDefinition XOR = add(new Xor());

  // Constants and conversion between element types.

  public static final OpDefinition BIT_CAST = add(new BitCast());
  public static final OpDefinition CAST = add(new Cast());
  public static final OpDefinition CAST_LIKE = add(new CastLike());
  public static final OpDefinition CONSTANT = add(new Constant());

  // Reductions and scans.

  public static final OpDefinition ARG_MAX = add(new ArgMax());
  public static final OpDefinition ARG_MIN = add(new ArgMin());
  public static final OpDefinition CUM_PROD = add(new CumProd());
  public static final OpDefinition CUM_SUM = add(new CumSum());
  public static final OpDefinition DET = add(new Det());
  public static final OpDefinition HARDMAX = add(new Hardmax());
  public static final OpDefinition LOG_SOFTMAX = add(new LogSoftmax());
  public static final OpDefinition REDUCE_L1 = add(new ReduceL1());
  public static final OpDefinition REDUCE_L2 = add(new ReduceL2());
  public static final OpDefinition REDUCE_LOG_SUM = add(new ReduceLogSum());
  public static final OpDefinition REDUCE_LOG_SUM_EXP = add(new ReduceLogSumExp());
  public static final OpDefinition REDUCE_MAX = add(new ReduceMax());
  public static final OpDefinition REDUCE_MEAN = add(new ReduceMean());
  public static final OpDefinition REDUCE_MIN = add(new ReduceMin());
  public static final OpDefinition REDUCE_PROD = add(new ReduceProd());
  public static final OpDefinition REDUCE_SUM = add(new ReduceSum());
  public static final OpDefinition REDUCE_SUM_SQUARE = add(new ReduceSumSquare());
  public static final OpDefinition SOFTMAX = add(new Softmax());

  // Convolution and pooling.

  public static final OpDefinition CONV = add(new Conv());
  public static final OpDefinition CONV_TRANSPOSE = add(new ConvTranspose());
  public static final OpDefinition DEFORM_CONV = add(new DeformConv());
  public static final OpDefinition AVERAGE_POOL = add(new AveragePool());
  public static final OpDefinition GLOBAL_AVERAGE_POOL = add(new GlobalAveragePool());
  public static final OpDefinition GLOBAL_LP_POOL = add(new GlobalLpPool());
  public static final OpDefinition GLOBAL_MAX_POOL = add(new GlobalMaxPool());
  public static final OpDefinition LP_POOL = add(new LpPool());
  public static final OpDefinition MAX_POOL = add(new MaxPool());
  public static final OpDefinition MAX_ROI_POOL = add(new MaxRoiPool());
  public static final OpDefinition MAX_UNPOOL = add(new MaxUnpool());
  public static final OpDefinition ROI_ALIGN = add(new RoiAlign());

  public static final OpDefinition DEPTH_TO_SPACE = add(new DepthToSpace());
  public static final OpDefinition AFFINE_GRID = add(new AffineGrid());
  public static final OpDefinition COL2IM = add(new Col2Im());
  public static final OpDefinition GRID_SAMPLE = add(new GridSample());
  public static final OpDefinition RESIZE = add(new Resize());
  public static final OpDefinition SPACE_TO_DEPTH = add(new SpaceToDepth());

  // Matrix products.

  public static final OpDefinition EINSUM = add(new Einsum());
  public static final OpDefinition GEMM = add(new Gemm());
  public static final OpDefinition MAT_MUL = add(new MatMul());

  // Normalization.

  public static final OpDefinition BATCH_NORMALIZATION = add(new BatchNormalization());
  public static final OpDefinition GROUP_NORMALIZATION = add(new GroupNormalization());
  public static final OpDefinition INSTANCE_NORMALIZATION = add(new InstanceNormalization());
  public static final OpDefinition LAYER_NORMALIZATION = add(new LayerNormalization());
  public static final OpDefinition LP_NORMALIZATION = add(new LpNormalization());
  public static final OpDefinition LRN = add(new LRN());
  public static final OpDefinition MEAN_VARIANCE_NORMALIZATION =
      add(new MeanVarianceNormalization());
  public static final OpDefinition RMS_NORMALIZATION = add(new RMSNormalization());

  // Shape and data movement.

  public static final OpDefinition CENTER_CROP_PAD = add(new CenterCropPad());
  public static final OpDefinition COMPRESS = add(new Compress());
  public static final OpDefinition CONCAT = add(new Concat());
  public static final OpDefinition CONSTANT_OF_SHAPE = add(new ConstantOfShape());
  public static final OpDefinition DROPOUT = add(new Dropout());
  public static final OpDefinition EXPAND = add(new Expand());
  public static final OpDefinition EYE_LIKE = add(new EyeLike());
  public static final OpDefinition FLATTEN = add(new Flatten());
  public static final OpDefinition GATHER = add(new Gather());
  public static final OpDefinition GATHER_ELEMENTS = add(new GatherElements());
  public static final OpDefinition GATHER_ND = add(new GatherNd());
  public static final OpDefinition NON_MAX_SUPPRESSION = add(new NonMaxSuppression());
  public static final OpDefinition NON_ZERO = add(new NonZero());
  public static final OpDefinition ONE_HOT = add(new OneHot());
  public static final OpDefinition PAD = add(new Pad());
  public static final OpDefinition RANGE = add(new RangeOperator());
  public static final OpDefinition RESHAPE = add(new Reshape());
  public static final OpDefinition REVERSE_SEQUENCE = add(new ReverseSequence());
  public static final OpDefinition SCATTER = add(new Scatter());
  public static final OpDefinition SCATTER_ELEMENTS = add(new ScatterElements());
  public static final OpDefinition SCATTER_ND = add(new ScatterNd());
  public static final OpDefinition SHAPE = add(new ShapeOperator());
  public static final OpDefinition SIZE = add(new Size());
  public static final OpDefinition SLICE = add(new Slice());
  public static final OpDefinition SPLIT = add(new Split());
  public static final OpDefinition SQUEEZE = add(new Squeeze());
  public static final OpDefinition TILE = add(new Tile());
  public static final OpDefinition TOP_K = add(new TopK());
  public static final OpDefinition TRANSPOSE = add(new Transpose());
  public static final OpDefinition TRILU = add(new Trilu());
  public static final OpDefinition UNIQUE = add(new Unique());
  public static final OpDefinition UNSQUEEZE = add(new Unsqueeze());

  // Windows and random numbers.

  public static final OpDefinition BERNOULLI = add(new Bernoulli());
  public static final OpDefinition BLACKMAN_WINDOW = add(new BlackmanWindow());
  public static final OpDefinition HAMMING_WINDOW = add(new HammingWindow());
  public static final OpDefinition HANN_WINDOW = add(new HannWindow());
  public static final OpDefinition MULTINOMIAL = add(new Multinomial());
  public static final OpDefinition RANDOM_NORMAL = add(new RandomNormal());
  public static final OpDefinition RANDOM_NORMAL_LIKE = add(new RandomNormalLike());
  public static final OpDefinition RANDOM_UNIFORM = add(new RandomUniform());
  public static final OpDefinition RANDOM_UNIFORM_LIKE = add(new RandomUniformLike());

  // Recurrent networks and attention.

  public static final OpDefinition ATTENTION = add(new Attention());
  public static final OpDefinition CAUSAL_CONV_WITH_STATE = add(new CausalConvWithState());
  public static final OpDefinition GRU = add(new Gru());
  public static final OpDefinition LINEAR_ATTENTION = add(new LinearAttention());
  public static final OpDefinition LSTM = add(new Lstm());
  public static final OpDefinition RNN = add(new Rnn());
  public static final OpDefinition ROTARY_EMBEDDING = add(new RotaryEmbedding());
  public static final OpDefinition TENSOR_SCATTER = add(new TensorScatter());

  // Text.

  public static final OpDefinition STRING_CONCAT = add(new StringConcat());
  public static final OpDefinition STRING_NORMALIZER = add(new StringNormalizer());
  public static final OpDefinition STRING_SPLIT = add(new StringSplit());
  public static final OpDefinition TF_IDF_VECTORIZER = add(new TfIdfVectorizer());

  // Losses.

  public static final OpDefinition NEGATIVE_LOG_LIKELIHOOD_LOSS =
      add(new NegativeLogLikelihoodLoss());
  public static final OpDefinition SOFTMAX_CROSS_ENTROPY_LOSS = add(new SoftmaxCrossEntropyLoss());

  // Control flow.

  public static final OpDefinition IF = add(new If());
  public static final OpDefinition LOOP = add(new Loop());
  public static final OpDefinition SCAN = add(new Scan());

  // Fused forms of ours.

  public static final OpDefinition FUSED_CONV = add(new FusedConv());
  public static final OpDefinition FUSED_CONV_TRANSPOSE = add(new FusedConvTranspose());
  public static final OpDefinition FUSED_GEMM = add(new FusedGemm());
  public static final OpDefinition FUSED_MAT_MUL = add(new FusedMatMul());

  private static final OpRegistry REGISTRY = OpRegistry.of(ALL);

  private StandardOps() {}

  private static OpDefinition add(OpDefinition definition) {
    ALL.add(definition);
    return definition;
  }

  /** All operators of the catalogue. */
  public static OpRegistry registry() {
    return REGISTRY;
  }
}
