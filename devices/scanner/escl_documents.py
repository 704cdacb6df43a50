"""The documents a simulated eSCL scanner answers with."""

from devices.scanner.simulated_escl import Job, SimulatedEscl

_NAMES = (
    'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" '
    'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
)
_RESOLUTIONS = (75, 150, 300, 600)
_A4 = (2550, 3508)


def capabilities() -> bytes:
    """ScannerCapabilities: glass, and a feeder for both sides."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities {_NAMES}>
<pwg:Version>2.63</pwg:Version>
<pwg:MakeAndModel>Invented Scanner 1</pwg:MakeAndModel>
<pwg:SerialNumber>0000001</pwg:SerialNumber>
<scan:Platen><scan:PlatenInputCaps>{_source()}</scan:PlatenInputCaps></scan:Platen>
<scan:Adf>
<scan:AdfSimplexInputCaps>{_source()}</scan:AdfSimplexInputCaps>
<scan:AdfDuplexInputCaps>{_source()}</scan:AdfDuplexInputCaps>
<scan:FeederCapacity>50</scan:FeederCapacity>
<scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption>
<scan:AdfOption>Duplex</scan:AdfOption></scan:AdfOptions>
</scan:Adf>
</scan:ScannerCapabilities>
""".encode()


def status(scanner: SimulatedEscl) -> bytes:
    """ScannerStatus."""
    with scanner.lock:
        jobs = "".join(_job(job) for job in scanner.jobs.values())
        is_working = any(job.state == "Processing" for job in scanner.jobs.values())
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerStatus {_NAMES}>
<pwg:Version>2.63</pwg:Version>
<pwg:State>{"Processing" if is_working else "Idle"}</pwg:State>
<scan:AdfState>{scanner.feeder_state}</scan:AdfState>
<scan:Jobs>{jobs}</scan:Jobs>
</scan:ScannerStatus>
""".encode()


def _job(job: Job) -> str:
    return f"""<scan:JobInfo>
<pwg:JobUri>/eSCL/ScanJobs/{job.number}</pwg:JobUri><pwg:JobUuid>{job.number}</pwg:JobUuid>
<scan:Age>1</scan:Age><pwg:ImagesCompleted>{job.given}</pwg:ImagesCompleted>
<pwg:ImagesToTransfer>{int(job.state == "Processing")}</pwg:ImagesToTransfer>
<pwg:JobState>{job.state}</pwg:JobState>
</scan:JobInfo>
"""


def _source() -> str:
    resolutions = "".join(
        f"<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>"
        f"<scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
        for dpi in _RESOLUTIONS
    )
    return f"""
<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>{_A4[0]}</scan:MaxWidth>
<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>{_A4[1]}</scan:MaxHeight>
<scan:MaxScanRegions>1</scan:MaxScanRegions>
<scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode>
</scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions>{resolutions}</scan:DiscreteResolutions>
</scan:SupportedResolutions>
</scan:SettingProfile></scan:SettingProfiles>
<scan:SupportedIntents><scan:Intent>Document</scan:Intent></scan:SupportedIntents>
"""
