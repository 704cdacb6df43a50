"""The Chinese names of the codes on a card: GB/T 3304 ethnic groups and GB/T 2261.1 sex."""

# fmt: off
_ETHNIC_GROUPS = (
    "汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜",
    "满", "侗", "瑶", "白", "土家", "哈尼", "哈萨克", "傣", "黎", "傈僳",
    "佤", "畲", "高山", "拉祜", "水", "东乡", "纳西", "景颇", "柯尔克孜", "土",
    "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米",
    "塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔",
    "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺",
)
# fmt: on
_ETHNICITIES = {f"{place:02}": name for place, name in enumerate(_ETHNIC_GROUPS, start=1)}
_ETHNICITIES |= {"97": "其他", "98": "外国血统中国籍人士"}
_SEXES = {"0": "未知", "1": "男", "2": "女", "9": "未说明"}


def ethnicity_name(code: str) -> str:
    """The name of an ethnic group; 未知(NN) for a code the public tables disagree about."""
    return _ETHNICITIES.get(code, f"未知({code})") if code else ""


def sex_name(code: str) -> str:
    """The name of a sex code; 未知 when it is none of the standard's."""
    return _SEXES.get(code, "未知")
