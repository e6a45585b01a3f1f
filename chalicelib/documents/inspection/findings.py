"""What an inspection may find, in words for the person who uploaded the file."""

from chalicelib.rules.vocabulary import Reason

_AGAIN = "请重新拍照或重新导出后上传。"
_PRINT = "请用“打印—另存为PDF”重新生成一份，再上传。"

BROKEN = Reason("unreadable", "文件已损坏，无法打开。", _AGAIN)
TRUNCATED = Reason("truncated", "文件不完整，可能没有传完或没有下载完。", "请重新下载或导出该文件，再上传一次。")
ENCRYPTED = Reason("encrypted", "PDF 设有打开密码，无法查看。", "请去掉密码后重新上传。")
NO_PAGES = Reason("no_pages", "PDF 中没有任何页面。", _PRINT)
TOO_MANY_PAGES = Reason("too_many_pages", "PDF 超过200页。", "请只上传本项资料所需的页面。")
TOO_COMPLEX = Reason("too_complex", "PDF 结构过于复杂，无法完成安全检查。", _PRINT)
BOMB = Reason("inflates_too_far", "PDF 中有异常的压缩数据，解压后过大。", _PRINT)
POSTSCRIPT = Reason("active_content", "PDF 中含有 PostScript 程序。", _PRINT)
SCRIPT = Reason("active_content", "PDF 中含有脚本（JavaScript）。", _PRINT)
AUTOMATIC = Reason("automatic_action", "PDF 打开时会自动执行动作。", _PRINT)
LAUNCH = Reason("launch_action", "PDF 中含有启动程序、提交数据或打开其他文件的动作。", _PRINT)
EMBEDDED = Reason("embedded_file", "PDF 中嵌有附件。", "请去掉附件；附件也是资料的，请另外上传。" + _PRINT)
XFA = Reason("xfa_form", "PDF 是动态表单（XFA），多数软件无法显示。", _PRINT)
MEDIA = Reason("rich_media", "PDF 中嵌有视频、音频或三维内容。", _PRINT)
BAD_LINK = Reason("unsafe_link", "PDF 中含有不安全的链接。", _PRINT)
SHEET = Reason("too_large_sheet", "PDF 的页面尺寸异常，无法显示。", _PRINT)
HUGE_PICTURE = Reason("too_many_pixels", "PDF 中有尺寸过大的图片。", "请降低扫描分辨率（建议300 dpi）后重新上传。")


class Unreadable(Exception):  # noqa: N818 - a finding about the file, not an error of ours
    """The inspection ends here, with its reasons."""

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        super().__init__(", ".join(reason.code for reason in reasons))


def hidden_content(what: str) -> Reason:
    return Reason("hidden_content", f"文件中夹带了其他内容（{what}）。", _AGAIN)
