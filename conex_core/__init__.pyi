"""What conex_core gives, and from where: read by type checkers and when a name is first used."""

from .behavior import Behavior as Behavior
from .behaviors.layers import SpikeNdDataset as SpikeNdDataset
from .behaviors.network import (
    Dopamine as Dopamine,
    Payoff as Payoff,
    TimeResolution as TimeResolution,
)
from .behaviors.neurons import (
    AELIF as AELIF,
    ELIF as ELIF,
    KWTA as KWTA,
    LIF as LIF,
    ActivityBaseHomeostasis as ActivityBaseHomeostasis,
    Fire as Fire,
    InherentNoise as InherentNoise,
    LocationSetter as LocationSetter,
    NeuronAxon as NeuronAxon,
    SensorySetter as SensorySetter,
    SimpleDendriteComputation as SimpleDendriteComputation,
    SimpleDendriteStructure as SimpleDendriteStructure,
    VoltageBaseHomeostasis as VoltageBaseHomeostasis,
)
from .behaviors.recording import EventRecorder as EventRecorder, Recorder as Recorder
from .behaviors.synapses import (
    BOUNDS as BOUNDS,
    AveragePool2D as AveragePool2D,
    BaseDendriticInput as BaseDendriticInput,
    Conv2dDendriticInput as Conv2dDendriticInput,
    Conv2dRSTDP as Conv2dRSTDP,
    Conv2dSTDP as Conv2dSTDP,
    CurrentNormalization as CurrentNormalization,
    DelayInitializer as DelayInitializer,
    LateralDendriticInput as LateralDendriticInput,
    LearningRule as LearningRule,
    Local2dDendriticInput as Local2dDendriticInput,
    Local2dRSTDP as Local2dRSTDP,
    Local2dSTDP as Local2dSTDP,
    One2OneDendriticInput as One2OneDendriticInput,
    One2OneRSTDP as One2OneRSTDP,
    One2OneSTDP as One2OneSTDP,
    One2OneiSTDP as One2OneiSTDP,
    PostSpikeCatcher as PostSpikeCatcher,
    PostTrace as PostTrace,
    PreSpikeCatcher as PreSpikeCatcher,
    PreTrace as PreTrace,
    SimpleDendriticInput as SimpleDendriticInput,
    SimpleRSTDP as SimpleRSTDP,
    SimpleSTDP as SimpleSTDP,
    SimpleiSTDP as SimpleiSTDP,
    SparseDendriticInput as SparseDendriticInput,
    SparseRSTDP as SparseRSTDP,
    SparseSTDP as SparseSTDP,
    SparseiSTDP as SparseiSTDP,
    SynapseInit as SynapseInit,
    WeightClip as WeightClip,
    WeightInitializer as WeightInitializer,
    WeightNormalization as WeightNormalization,
)
from .behaviors.synapses.bounds import (
    hard_bound as hard_bound,
    no_bound as no_bound,
    soft_bound as soft_bound,
)
from .behaviors.timing import iterations_in as iterations_in, time_step as time_step
from .distributions import (
    Array as Array,
    Choice as Choice,
    Constant as Constant,
    Distribution as Distribution,
    LogNormal as LogNormal,
    Normal as Normal,
    Uniform as Uniform,
)
from .errors import (
    BehaviorError as BehaviorError,
    ConexError as ConexError,
    FileError as FileError,
    NetworkError as NetworkError,
    ParameterError as ParameterError,
    ProjectError as ProjectError,
    ReplacedName as ReplacedName,
    ShapeError as ShapeError,
    StructureError as StructureError,
    UnknownName as UnknownName,
)
from .graph.checks.problems import Problem as Problem
from .helpers import (
    AbsoluteTransform as AbsoluteTransform,
    Conv2dFilter as Conv2dFilter,
    DeviceTransform as DeviceTransform,
    DivideSignPolarity as DivideSignPolarity,
    DoGFilter as DoGFilter,
    EncodedDataset as EncodedDataset,
    GaborFilter as GaborFilter,
    GridCropMask as GridCropMask,
    GridEraseMask as GridEraseMask,
    GridKeepMask as GridKeepMask,
    Intensity2Latency as Intensity2Latency,
    LocationDataset as LocationDataset,
    Mask as Mask,
    MaskBuilder as MaskBuilder,
    Poisson as Poisson,
    PoissonEncoder as PoissonEncoder,
    SimplePoisson as SimplePoisson,
    SqueezeTransform as SqueezeTransform,
    SwapTransform as SwapTransform,
    UnsqueezeTransform as UnsqueezeTransform,
    accuracy as accuracy,
    assign_labels as assign_labels,
    load_digits as load_digits,
    normalize_tensor as normalize_tensor,
    predict as predict,
)
from .helpers.sampling import sample as sample
from .parameters import (
    REQUIRED as REQUIRED,
    Flag as Flag,
    Hook as Hook,
    Initializer as Initializer,
    Integer as Integer,
    Integers as Integers,
    Names as Names,
    Number as Number,
    Option as Option,
    Parameter as Parameter,
    Table as Table,
    Text as Text,
)
from .priorities import (
    ALL_PRIORITIES as ALL_PRIORITIES,
    LAYER_PRIORITIES as LAYER_PRIORITIES,
    NETWORK_PRIORITIES as NETWORK_PRIORITIES,
    NEURON_PRIORITIES as NEURON_PRIORITIES,
    SYNAPSE_PRIORITIES as SYNAPSE_PRIORITIES,
    prioritize_behaviors as prioritize_behaviors,
)
from .state import State as State
from .structures import (
    Container as Container,
    CorticalColumn as CorticalColumn,
    CorticalLayer as CorticalLayer,
    CorticalLayerConnection as CorticalLayerConnection,
    InputLayer as InputLayer,
    Layer as Layer,
    Neocortex as Neocortex,
    NeuronDimension as NeuronDimension,
    NeuronGroup as NeuronGroup,
    OutputLayer as OutputLayer,
    Port as Port,
    SynapseGroup as SynapseGroup,
    Synapsis as Synapsis,
)
from .structures.describe import describe as describe
from .structures.replication import (
    create_structure_from_dict as create_structure_from_dict,
    load_structure_dict_from_json as load_structure_dict_from_json,
    register_behavior as register_behavior,
    register_structure as register_structure,
    replicate as replicate,
    save_structure as save_structure,
    save_structure_dict_to_json as save_structure_dict_to_json,
)
